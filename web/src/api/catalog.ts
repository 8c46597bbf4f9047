import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Catalog = Schemas['Catalog'];
export type CatalogProduct = Schemas['CatalogProduct'];
export type CatalogReportType = Schemas['CatalogReportType'];
export type CatalogMethod = Schemas['CatalogMethod'];
export type CatalogField = Schemas['CatalogField'];
export type CatalogSample = Schemas['CatalogSample'];

/** What there is to choose from when a webhook is made; it changes with the gateway's version only. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  queryFn: ({ signal }) => answer(api.GET('/v1/catalog', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
