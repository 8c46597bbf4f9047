import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

export type Task = components['schemas']['Task'];

export function isUnderWay(task: Task): boolean {
  return task.state === 'waiting' || task.state === 'collecting' || task.state === 'running';
}

/** The newest tasks of an account; asked for every second while one is under way. */
export function tasksQuery(accountId: string) {
  return queryOptions({
    queryKey: ['tasks', accountId],
    queryFn: ({ signal }) => answer(api.GET('/v1/tasks', { params: { query: { accountId } }, signal })),
    refetchInterval: ({ state }) => (state.data?.data.some(isUnderWay) ? 1_000 : false),
  });
}

/** One task; asked for every second while it is under way. */
export function taskQuery(id: string) {
  return queryOptions({
    queryKey: ['task', id],
    queryFn: ({ signal }) => answer(api.GET('/v1/tasks/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 1_000 : false),
  });
}

/** What to send again of a webhook. */
export interface Recovery {
  /** Accepted at or after; ISO 8601. */
  readonly from: string;
  readonly to?: string;
  readonly states: Task['states'];
}

/** Starts to send again what a webhook missed; resolves to the task's id. */
export async function recoverWebhook(id: string, { states, ...span }: Recovery): Promise<string> {
  const body = { ...span, states: [...states] };
  const { taskId } = await answer(api.POST('/v1/webhooks/{id}/recover', { params: { path: { id } }, body }));
  return taskId;
}

export function cancelTask(id: string): Promise<Task> {
  return answer(api.POST('/v1/tasks/{id}/cancel', { params: { path: { id } } }));
}
