import { Group, Switch, Text } from '@mantine/core';
import { ApiError } from '../../api/problem.ts';
import { problemInBrief, problemWords } from '../../ui/problem-words.ts';
import classes from './deliveries.module.css';
import type { LiveTail } from './use-live-tail.ts';

export interface TailStatusProps {
  readonly tail: LiveTail;
  /** Somebody reads: new ones wait. */
  readonly reading: boolean;
  /** Switched on. */
  readonly on: boolean;
  /** The time range ends in the past: nothing new can match. */
  readonly ended: boolean;
  readonly onSwitch: (on: boolean) => void;
}

interface Words {
  readonly look: 'live' | 'paused' | 'trouble' | 'off';
  readonly text: string;
}

/** What the live tail does right now. */
export function tailWords({ tail, reading, on, ended }: Omit<TailStatusProps, 'onSwitch'>): Words {
  if (ended) return { look: 'off', text: 'The time range has ended' };
  if (!on) return { look: 'off', text: 'New ones are not shown' };
  switch (tail.state) {
    case 'open':
      return reading
        ? { look: 'paused', text: 'Paused while you read' }
        : { look: 'live', text: 'New ones appear here' };
    case 'waiting':
      return {
        look: 'trouble',
        text: `${tail.problem ? problemWords(new ApiError(tail.problem)).says : 'The connection is gone.'} Trying again.`,
      };
    case 'stopped':
      return {
        look: 'trouble',
        text: tail.problem ? problemInBrief(new ApiError(tail.problem)) : 'The gateway has ended it.',
      };
    default:
      return { look: 'off', text: 'Connecting' };
  }
}

export function TailStatus(props: TailStatusProps) {
  const { look, text } = tailWords(props);
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Switch
        size="sm"
        label="Live"
        checked={props.on && !props.ended}
        disabled={props.ended}
        onChange={(event) => props.onSwitch(event.currentTarget.checked)}
      />
      <span className={classes.dot} data-tail={look} />
      <Text size="sm" className="muted" role="status" truncate>
        {text}
      </Text>
    </Group>
  );
}
