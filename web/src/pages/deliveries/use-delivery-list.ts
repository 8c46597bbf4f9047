import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import {
  type Delivery,
  type DeliveryFilters,
  type DeliveryPage,
  findDeliveries,
} from '../../api/deliveries.ts';
import { bringIn, catchUp, type DeliveryList, listOf, receive, withOlder } from './delivery-list.ts';
import { canBeLive, matches } from './filters.ts';
import { type LiveTail, useLiveTail } from './use-live-tail.ts';

/** Rows that one page asks for. */
const pageSize = 100;
/** Pages that are asked for until there are so many rows more. */
const mostOlderCalls = 10;

export interface DeliveryListOptions {
  readonly accountId: string;
  readonly filters: DeliveryFilters;
  /** New ones are wanted as they come. */
  readonly live: boolean;
  /** Somebody reads: new ones wait. */
  readonly reading: boolean;
}

export interface ShownDeliveries {
  readonly list: DeliveryList | undefined;
  /** The list is of other filters, until the answer to these comes. */
  readonly stale: boolean;
  readonly error: unknown;
  readonly reload: () => void;
  readonly tail: LiveTail;
  /** Shows those that wait. */
  readonly showNew: () => void;
  readonly loadOlder: () => void;
  readonly loadingOlder: boolean;
  readonly olderError: unknown;
  /** What has become of a delivery, for its row, if it has one. */
  readonly note: (delivery: Delivery) => void;
}

/** The deliveries that the filters find, with what live adds to them. */
export function useDeliveryList({ accountId, filters, live, reading }: DeliveryListOptions): ShownDeliveries {
  const queryClient = useQueryClient();
  const key = ['deliveries', accountId, 'list', filters] as const;
  const catchingUp = useRef(false);

  const find = (given: DeliveryFilters, cursor: string | null, signal?: AbortSignal): Promise<DeliveryPage> =>
    findDeliveries({ accountId, filters: given, cursor, limit: pageSize, ...(signal && { signal }) });

  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => listOf(await find(filters, null, signal)),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

  function change(to: (list: DeliveryList) => DeliveryList): void {
    queryClient.setQueryData<DeliveryList>(key, (list) => list && to(list));
  }

  function learn(deliveries: readonly Delivery[]): void {
    change((list) => receive(list, deliveries, { reading, matches: (one) => matches(filters, one) }));
    for (const { id } of deliveries) {
      if (queryClient.getQueryState(['delivery', id])) {
        void queryClient.invalidateQueries({ queryKey: ['delivery', id], exact: true });
      }
    }
  }

  async function findMissed(): Promise<void> {
    if (catchingUp.current || queryClient.getQueryData(key) === undefined) return;
    catchingUp.current = true;
    try {
      const page = await find(filters, null);
      change((list) => catchUp(list, page, reading));
    } catch {
      // The next time that the stream opens or loses some, it is tried again.
    } finally {
      catchingUp.current = false;
    }
  }

  async function findOlder(): Promise<void> {
    const known = () => queryClient.getQueryData<DeliveryList>(key);
    const wanted = (known()?.rows.length ?? 0) + pageSize;
    // Many may have been accepted in the millisecond that rows left at: those are known already.
    for (let calls = 1; calls <= mostOlderCalls; calls++) {
      const place = known()?.older;
      if (!place) return;
      const narrowed = place.before === null ? filters : { ...filters, to: place.before };
      const page = await find(narrowed, place.cursor);
      change((list) => withOlder(list, page));
      if ((known()?.rows.length ?? 0) >= wanted) return;
    }
  }

  const older = useMutation({ mutationFn: findOlder });

  const tail = useLiveTail({
    accountId,
    filters,
    wanted: live && !query.isPlaceholderData && query.isSuccess && canBeLive(filters, Date.now()),
    onDeliveries: learn,
    onMissed: () => void findMissed(),
  });

  return {
    list: query.data,
    stale: query.isPlaceholderData,
    error: query.data === undefined || query.isPlaceholderData ? query.error : null,
    reload: () => void query.refetch(),
    tail,
    showNew: () => {
      if (query.data?.behind) void query.refetch();
      else change(bringIn);
    },
    loadOlder: () => older.mutate(),
    loadingOlder: older.isPending,
    olderError: older.error,
    note: (delivery) => change((list) => receive(list, [delivery], { reading, matches: () => false })),
  };
}
