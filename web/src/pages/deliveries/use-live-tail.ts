import { useEffect, useEffectEvent, useState } from 'react';
import type { Delivery, DeliveryFilters } from '../../api/deliveries.ts';
import { type LiveState, watchDeliveries } from '../../api/live.ts';
import type { Problem } from '../../api/problem.ts';
import { liveQueryOf } from './filters.ts';

/** Deliveries are handed on together, so that a thousand a second are four changes of the page. */
const gatherMs = 250;
/** What was missed is asked for once in this time, however often the stream loses some. */
const missedEveryMs = 2_000;
/** A tab that nobody looks at gives its connection back after this time. */
const hiddenMs = 20_000;

export interface LiveTail {
  /** `off`: not wanted, or the tab is hidden. */
  readonly state: LiveState | 'off';
  readonly problem: Problem | null;
}

export interface LiveTailOptions {
  readonly accountId: string;
  readonly filters: DeliveryFilters;
  readonly wanted: boolean;
  readonly onDeliveries: (deliveries: readonly Delivery[]) => void;
  /** The stream was not there, or lost some: ask the list what was missed. */
  readonly onMissed: () => void;
}

/** Watches the deliveries that filters find, while the page is looked at. */
export function useLiveTail({
  accountId,
  filters,
  wanted,
  onDeliveries,
  onMissed,
}: LiveTailOptions): LiveTail {
  const [tail, setTail] = useState<LiveTail>({ state: 'off', problem: null });
  const visible = useVisible();
  const deliveriesCame = useEffectEvent(onDeliveries);
  const missed = useEffectEvent(onMissed);
  const query = JSON.stringify({ ...liveQueryOf(filters), accountId });
  const watching = wanted && visible;

  useEffect(() => {
    if (!watching) {
      setTail({ state: 'off', problem: null });
      return;
    }
    let gathered: Delivery[] = [];
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const handOn = () => {
      gathering = undefined;
      const all = gathered;
      gathered = [];
      deliveriesCame(all);
    };
    let asked = 0;
    let asking: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      asking ??= setTimeout(
        () => {
          asking = undefined;
          asked = Date.now();
          missed();
        },
        Math.max(0, asked + missedEveryMs - Date.now()),
      );
    };
    const stop = watchDeliveries(JSON.parse(query), {
      onState(state, problem) {
        setTail({ state, problem });
        if (state === 'open') ask();
      },
      onDelivery(delivery) {
        gathered.push(delivery);
        gathering ??= setTimeout(handOn, gatherMs);
      },
      onGap: ask,
    });
    return () => {
      stop();
      clearTimeout(gathering);
      clearTimeout(asking);
    };
  }, [query, watching]);

  return tail;
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(leaving);
      if (document.visibilityState === 'visible') setVisible(true);
      else leaving = setTimeout(() => setVisible(false), hiddenMs);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(leaving);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return visible;
}
