import { Skeleton, Text } from '@mantine/core';
import type { WebhookActivity } from '../../api/webhooks.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { formatRate } from '../webhook-words.ts';
import type { ActivityState } from './list-props.ts';
import { activityWords } from './rows.ts';
import classes from './webhook-list.module.css';

export interface LastDayProps {
  readonly activity: WebhookActivity | undefined;
  readonly state: ActivityState;
}

/** The success rate of the last 24 hours, and their bars. */
export function LastDay({ activity, state }: LastDayProps) {
  if (state === 'loading') return <Skeleton height={24} width={80} />;
  if (state === 'unknown') {
    return (
      <Text size="sm" className="muted">
        not known
      </Text>
    );
  }
  const rate = activity?.successRate ?? null;
  return (
    <div className={classes.day}>
      <span className={`${classes.rate} ${rate === null ? 'muted' : ''}`}>
        {rate === null ? '—' : formatRate(rate)}
      </span>
      <Sparkline buckets={activity?.buckets ?? []} label={activityWords(activity)} />
    </div>
  );
}
