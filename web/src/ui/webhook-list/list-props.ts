import type { Webhook } from '../../api/webhooks.ts';
import type { Order, WebhookRow } from './rows.ts';

/** Whether the figures of the last 24 hours are there. */
export type ActivityState = 'loading' | 'known' | 'unknown';

/** What the list is given, as a table or as cards. */
export interface WebhookListProps {
  readonly rows: readonly WebhookRow[];
  readonly activityState: ActivityState;
  readonly order: Order | null;
  readonly onSort: (word: string | undefined) => void;
  readonly mayWrite: boolean;
  readonly onDelete: (webhook: Webhook) => void;
}
