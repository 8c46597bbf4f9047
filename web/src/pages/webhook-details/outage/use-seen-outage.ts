import { useEffect, useState } from 'react';
import type { Webhook } from '../../../api/webhooks.ts';
import { outageOf } from './outage-words.ts';

/** What a page remembers of an outage, wherever it is shown. */
export interface SeenOutage {
  /** Since when it was; `null`: there was none, or it was closed. */
  readonly seen: { readonly since: string | null } | null;
  /** The task that sends again what was missed. */
  readonly taskId: string | null;
  close(): void;
  setTaskId(taskId: string | null): void;
}

/** Remembers an outage once it was shown, since a webhook that is well again may still have missed something. */
export function useSeenOutage(webhook: Webhook): SeenOutage {
  const [taskId, setTaskId] = useState<string | null>(null);
  const [seen, setSeen] = useState<SeenOutage['seen']>(null);
  const since = outageOf(webhook)?.since;
  useEffect(() => {
    if (since !== undefined) setSeen((before) => ({ since: before?.since ?? since }));
  }, [since]);
  return { seen, taskId, close: () => setSeen(null), setTaskId };
}
