import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

export type GatewayHealth = components['schemas']['GatewayHealth'];
/** A webhook that needs looking after. */
export type TroubledWebhook = components['schemas']['TroubledWebhook'];

/** One of the gateways that share the store. */
export type GatewayProcess = components['schemas']['GatewayProcess'];

/** How the whole gateway is, every few seconds. */
export const gatewayQuery = queryOptions({
  queryKey: ['gateway'],
  queryFn: ({ signal }) => answer(api.GET('/v1/gateway', { signal })),
  refetchInterval: 5_000,
});
