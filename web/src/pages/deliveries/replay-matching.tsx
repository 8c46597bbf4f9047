import { Button, Group, List, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Catalog } from '../../api/catalog.ts';
import { countDeliveries, type DeliveryFilters, replayDeliveries } from '../../api/deliveries.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { stateWord } from '../../ui/state-badge.tsx';
import { filterWord } from './filter-pills.tsx';
import { filterLabels, filterNames } from './filters.ts';
import {
  countWords,
  needsTime,
  type ReplayState,
  replayFilters,
  replayStateOf,
  replayStates,
} from './replay-plan.ts';
import { presets } from './time-range.ts';

export interface ReplayMatchingProps {
  readonly accountId: string;
  readonly filters: DeliveryFilters;
  readonly nameOf: (webhookId: string) => string;
  readonly catalog: Catalog | undefined;
  readonly onClose: () => void;
  /** The gateway has begun; its task. */
  readonly onStarted: (taskId: string) => void;
}

/** Asks before everything that the filters find is sent again. */
export function ReplayMatching(props: ReplayMatchingProps) {
  const state = replayStateOf(props.filters);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title="Replay everything that matches"
      centered
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {state === null ? (
        <Text>
          Deliveries that are pending or retrying go on by themselves. Choose the state failed, skipped or
          delivered to send those again.
        </Text>
      ) : (
        <Question {...props} first={state} />
      )}
    </Modal>
  );
}

function Question(props: ReplayMatchingProps & { readonly first: ReplayState }) {
  const { accountId, filters, nameOf, catalog, first, onClose, onStarted } = props;
  const [state, setState] = useState(first);
  const [opened] = useState(Date.now);
  const [preset, setPreset] = useState<string>('day');
  const ms = presets.find(({ id }) => id === preset)?.ms ?? 0;
  const wanted = replayFilters(filters, state, new Date(opened - ms).toISOString());

  const counted = useQuery({
    queryKey: ['deliveries', accountId, 'count', wanted],
    queryFn: ({ signal }) => countDeliveries(accountId, wanted, signal),
    gcTime: 0,
  });
  const start = useMutation({ mutationFn: () => replayDeliveries(accountId, wanted), onSuccess: onStarted });
  const none = counted.data?.count === 0 && !counted.data.more;
  const words = counted.data ? countWords(counted.data, state) : null;

  return (
    <Stack gap="md">
      {filters.state === undefined && (
        <SegmentedControl
          aria-label="Which deliveries"
          data={replayStates.map((one) => ({ value: one, label: stateWord(one) }))}
          value={state}
          onChange={(next) => setState(replayStates.find((one) => one === next) ?? 'failed')}
        />
      )}
      {needsTime(filters) && (
        <Select
          label="Accepted in the"
          data={presets.map(({ id, label }) => ({ value: id, label: label.toLowerCase() }))}
          value={preset}
          allowDeselect={false}
          onChange={(next) => setPreset(next ?? 'day')}
        />
      )}
      <div>
        <Text fw={600} role="status">
          {words === null ? (counted.isError ? 'They could not be counted' : 'Counting …') : sentence(words)}
        </Text>
        <List size="sm" mt={4}>
          {filterNames
            .filter((name) => name !== 'state' && wanted[name] !== undefined)
            .map((name) => (
              <List.Item key={name} className="exact">
                {filterLabels[name]}: {filterWord(name, wanted, { nameOf, catalog })}
              </List.Item>
            ))}
        </List>
      </div>
      <Text size="sm" className="muted">
        They are sent oldest first, with the same webhook-id as before, behind what comes in now and within
        the limits of each webhook.{' '}
        {state === 'delivered' && 'The endpoints have these already and get them once more.'}
      </Text>
      {start.error && <ProblemNotice error={start.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={none} loading={start.isPending} onClick={() => start.mutate()}>
          {words === null || none ? 'Send again' : `Send ${words} again`}
        </Button>
      </Group>
    </Stack>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
