import { queryOptions } from '@tanstack/react-query';
import { call } from './call.ts';

/** A webhook that needs looking after. */
export interface TroubledWebhook {
  readonly webhookId: string;
  readonly accountId: string;
  readonly url: string;
  readonly status: 'enabled' | 'disabled';
  readonly disabledReason: string | null;
  readonly failingSince: string | null;
  /** 10,000 stands for more too. */
  readonly waiting: number;
  readonly oldestPendingAt: string | null;
}

export interface GatewayHealth {
  readonly version: string;
  readonly node: string;
  readonly startedAt: string;
  readonly at: string;
  readonly ready: boolean;
  readonly detail: string;
  readonly webhooks: { readonly enabled: number; readonly disabled: number; readonly failing: number };
  readonly queuedEvents: number;
  readonly delivery: {
    readonly inFlight: number;
    readonly lanes: number;
    readonly inMemory: number;
    readonly openBreakers: number;
    readonly disabledLanes: number;
  };
  readonly store: {
    /** 1,000,000 stands for more too. */
    readonly waiting: number;
    readonly oldestPendingAt: string | null;
    readonly bytes: Readonly<Record<string, number>>;
  };
  readonly memory: { readonly rss: number; readonly heapUsed: number };
  readonly failing: readonly TroubledWebhook[];
  readonly waitingLongest: readonly TroubledWebhook[];
}

/** How the whole gateway is, every few seconds. */
export const gatewayQuery = queryOptions({
  queryKey: ['gateway'],
  queryFn: () => call<GatewayHealth>('GET', '/v1/gateway'),
  refetchInterval: 5_000,
});
