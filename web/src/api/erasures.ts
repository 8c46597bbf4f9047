import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components } from './schema.d.ts';
import { isUnderWay, type Task } from './tasks.ts';

export type NewErasure = components['schemas']['NewErasure'];

/** Erasures with their receipts, newest first; asked for every second while one is under way. `null`: of all accounts. */
export function erasuresQuery(accountId: string | null) {
  const named = accountId === null ? {} : { accountId };
  const list = listQuery<Task>(['erasures', accountId], (cursor, signal) =>
    answer(api.GET('/v1/erasures', { params: { query: { ...named, ...cursor } }, signal })),
  );
  return infiniteQueryOptions({
    ...list,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ data }) => data.some(isUnderWay)) ? 1_000 : false,
  });
}

/** Resolves to the task's id. */
export async function createErasure(erasure: NewErasure): Promise<string> {
  return (await answer(api.POST('/v1/erasures', { body: erasure }))).taskId;
}
