import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

/** How long things are kept, and since when. */
export type Retention = components['schemas']['Retention'];
export type KeepTime = Retention['payload'];
/** What an account may have a time of its own for, as the API calls it. */
export type KeepName = keyof components['schemas']['AccountKeep'];

/** @param accountId `null`: what holds for accounts without times of their own (operators) */
export function retentionQuery(accountId: string | null) {
  return queryOptions({
    queryKey: ['retention', accountId],
    queryFn: ({ signal }) => {
      const query = accountId === null ? {} : { accountId };
      return answer(api.GET('/v1/retention', { params: { query }, signal }));
    },
    staleTime: 60_000,
  });
}

/** @param days 0: for ever; `null`: the time of all accounts */
export function setKeep(accountId: string, name: KeepName, days: number | null): Promise<unknown> {
  const body = { keep: { [name]: days } };
  return answer(api.PATCH('/v1/accounts/{id}', { params: { path: { id: accountId } }, body }));
}
