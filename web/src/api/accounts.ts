import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';

/** The platform's customers (operators only): the first 500. */
export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: () => answer(api.GET('/v1/accounts', { params: { query: { limit: 500 } } })),
});
