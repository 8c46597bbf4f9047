import type { Task } from '../api/tasks.ts';

const count = new Intl.NumberFormat('en');

/** How far a task is, of 100; `null` as long as it counts. */
export function taskPercent({ state, total, done, failed, skipped }: Task): number | null {
  if (state === 'done') return 100;
  if (total === null) return null;
  return total === 0 ? 100 : Math.floor(((done + failed + skipped) / total) * 100);
}

/** "1,204 of 3,000 delivered, 12 failed, 3 left out". */
export function taskCounts({ total, done, failed, skipped }: Task): string {
  const of = total === null ? '' : ` of ${count.format(total)}`;
  const parts = [`${count.format(done)}${of} delivered`];
  if (failed > 0) parts.push(`${count.format(failed)} failed`);
  if (skipped > 0) parts.push(`${count.format(skipped)} left out`);
  return parts.join(', ');
}

/** Where a task stands, in a few words. */
export function taskTitle({ state, total, reason }: Task): string {
  switch (state) {
    case 'collecting':
      return 'Looking for what is to be sent again';
    case 'waiting':
      return 'Waits for its endpoint, or for its turn beside other tasks';
    case 'running':
      return 'Sending again';
    case 'done':
      return total === 0 ? 'There was nothing to send again' : 'Sent again';
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return reason === 'webhook_deleted'
        ? 'Stopped: the webhook was deleted'
        : 'Stopped by a failure of the gateway';
  }
}
