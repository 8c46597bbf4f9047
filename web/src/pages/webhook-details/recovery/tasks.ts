import type { Task } from '../../../api/tasks.ts';

/** Tasks that send a webhook's deliveries again, newest first. */
export function tasksOf(tasks: readonly Task[], webhookId: string): readonly Task[] {
  return tasks.filter(({ filter }) => filter.webhookId === webhookId);
}
