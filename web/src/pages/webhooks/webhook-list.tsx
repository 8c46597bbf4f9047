import { Button, Group } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { Webhook } from '../../api/webhooks.ts';
import type { Order, WebhookRow } from './rows.ts';
import { WebhookCards } from './webhook-cards.tsx';
import { WebhookTable } from './webhook-table.tsx';

/** Whether the figures of the last 24 hours are there. */
export type ActivityState = 'loading' | 'known' | 'unknown';

export interface WebhookListProps {
  readonly rows: readonly WebhookRow[];
  readonly activityState: ActivityState;
  readonly order: Order | null;
  readonly onSort: (word: string | undefined) => void;
  readonly mayWrite: boolean;
  readonly onDelete: (webhook: Webhook) => void;
}

/** Rows that are drawn at once. */
const step = 100;

/** A table, on a small screen cards; a hundred at a time. */
export function WebhookList({ rows, ...others }: WebhookListProps) {
  const small = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [shown, setShown] = useState(step);
  const part = rows.length > shown ? rows.slice(0, shown) : rows;
  return (
    <>
      {small ? <WebhookCards rows={part} {...others} /> : <WebhookTable rows={part} {...others} />}
      {rows.length > shown && (
        <Group justify="center">
          <Button variant="default" onClick={() => setShown(shown + step)}>
            Show {Math.min(step, rows.length - shown)} more of {(rows.length - shown).toLocaleString('en')}
          </Button>
        </Group>
      )}
    </>
  );
}
