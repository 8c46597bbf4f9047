import type { Task } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';

/** Tasks that send a webhook's deliveries again, newest first. */
export function tasksOf(tasks: readonly Task[], webhookId: string): readonly Task[] {
  return tasks.filter(({ filter }) => filter.webhookId === webhookId);
}

/** Deliveries that a task is through with. */
export function doneOf({ done, failed, skipped }: Task): number {
  return done + failed + skipped;
}

/** 0 to 100; `null` as long as nobody knows of how many. */
export function percentOf(task: Task): number | null {
  if (task.state === 'done') return 100;
  if (task.total === null) return null;
  return task.total === 0 ? 100 : Math.min((doneOf(task) / task.total) * 100, 100);
}

const count = new Intl.NumberFormat('en');

/** How far a task is, in words. */
export function taskWords(task: Task, webhook: Pick<Webhook, 'status' | 'failingSince'>): string {
  const { state, total, done, failed, skipped } = task;
  const all = total === null ? '' : count.format(total);
  switch (state) {
    case 'collecting':
      return 'Looking for what was missed …';
    case 'running':
      return `${count.format(doneOf(task))} of ${all}${standsStill(webhook)}`;
    case 'done':
      if (total === 0) return 'Nothing was found to send again.';
      return `Done: ${outcome(done, failed, skipped)}.`;
    case 'cancelled':
      return `Cancelled after ${count.format(doneOf(task))}${total === null ? '' : ` of ${all}`}: ${outcome(done, failed, skipped)}.`;
    case 'failed':
      return task.reason === 'webhook_deleted'
        ? 'Ended: the webhook was deleted.'
        : 'Ended: the gateway could not read its store. Start it again.';
  }
}

function standsStill({ status, failingSince }: Pick<Webhook, 'status' | 'failingSince'>): string {
  if (status === 'disabled') return ' · waits until the webhook is enabled';
  return failingSince === null ? '' : ' · waits until the endpoint answers again';
}

function outcome(done: number, failed: number, skipped: number): string {
  const parts = [`${count.format(done)} delivered`];
  if (failed > 0) parts.push(`${count.format(failed)} failed again and are tried further`);
  if (skipped > 0) parts.push(`${count.format(skipped)} not sent`);
  return parts.join(', ');
}
