import type { Clock, Timer } from '../core/clock.ts';
import type { AttemptRecord } from '../core/delivery.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import type { HeardAttempt } from './outstanding.ts';

/** What the process whose tasks are at work should hear of attempts that are made in this one. */
export interface AttemptNews {
  /** Hears of every attempt: two look-ups, where there is anything to tell. */
  attempted(record: AttemptRecord): void;
  /** Another process has had these sent again here, before they are. */
  watch(processId: string, deliveries: readonly { readonly id: string }[]): void;
  close(): void;
}

export interface AttemptNewsOptions {
  readonly messages: Pick<ProcessMessages, 'tell' | 'on'>;
  readonly clock: Pick<Clock, 'elapsed' | 'setTimer'>;
}

/** `attempts`: from who sends to who asked for it. */
export const newsKind = 'attempts';
/** `waits-for`: from who leads to all, the webhooks of which it wants to hear that they got something. */
export const waitsForKind = 'waits-for';

export interface AttemptNewsBody {
  readonly attempts: readonly HeardAttempt[];
  /** Webhooks of tasks that wait, which got something. */
  readonly delivered: readonly string[];
}

const tellWithinMs = 100;
const mostAtOnce = 200;
/** Of a delivery that has waited for longer the store is asked: its task waits too. */
const watchedForMs = 15 * 60_000;
const mostWatched = 100_000;
/** What is waited for is said again each 30 s; who does not say it any more is gone. */
export const waitsForMs = 90_000;
const deliveredEveryMs = 3_000;

/**
 * Tells, in batches: of deliveries that another process had sent again here, until each has had its attempt, and of webhooks that
 * tasks wait for. What is lost on the way is found out in the store, later (`outstanding.ts`, `recovery.ts`).
 */
export function createAttemptNews({ messages, clock }: AttemptNewsOptions): AttemptNews {
  /** The oldest first. */
  const watched = new Map<string, { readonly by: string; readonly until: number }>();
  const news = new Map<string, { attempts: HeardAttempt[]; delivered: string[] }>();
  let waitsFor: ReadonlySet<string> = new Set();
  let waiting = { by: '', until: 0 };
  /** When it was last told that a webhook got something. */
  const toldAt = new Map<string, number>();
  let timer: Timer | null = null;

  messages.on(waitsForKind, (webhookIds, from) => {
    waitsFor = new Set(webhookIds as readonly string[]);
    waiting = { by: from, until: clock.elapsed() + waitsForMs };
    for (const webhookId of toldAt.keys()) if (!waitsFor.has(webhookId)) toldAt.delete(webhookId);
  });

  function of(processId: string): { attempts: HeardAttempt[]; delivered: string[] } {
    const known = news.get(processId);
    if (known) return known;
    const made = { attempts: [], delivered: [] };
    news.set(processId, made);
    return made;
  }

  function tellSoon(): void {
    timer ??= clock.setTimer(tell, tellWithinMs);
  }

  function tell(): void {
    timer?.cancel();
    timer = null;
    for (const [processId, body] of news) messages.tell(processId, newsKind, body satisfies AttemptNewsBody);
    news.clear();
  }

  function forgetOld(): void {
    const now = clock.elapsed();
    for (const [id, { until }] of watched) {
      if (until > now && watched.size <= mostWatched) return;
      watched.delete(id);
    }
  }

  function tellOfWatched({ deliveryId, webhookId, manual, isHalved = false, after }: AttemptRecord): void {
    const found = watched.get(deliveryId);
    if (!found) return;
    // One that goes in halves comes again, and so may one that was under way before it was sent again.
    if (after.state !== 'retrying' || (manual && !isHalved)) watched.delete(deliveryId);
    const { attempts } = of(found.by);
    attempts.push({ deliveryId, webhookId, manual, isHalved, after: { state: after.state } });
    if (attempts.length >= mostAtOnce) tell();
    else tellSoon();
  }

  function tellOfDelivered(webhookId: string): void {
    const now = clock.elapsed();
    if (!waitsFor.has(webhookId) || now >= waiting.until) return;
    if (now - (toldAt.get(webhookId) ?? Number.NEGATIVE_INFINITY) < deliveredEveryMs) return;
    toldAt.set(webhookId, now);
    of(waiting.by).delivered.push(webhookId);
    tellSoon();
  }

  return {
    attempted(record) {
      if (watched.size > 0) tellOfWatched(record);
      if (waitsFor.size > 0 && record.after.state === 'delivered') tellOfDelivered(record.webhookId);
    },
    watch(by, deliveries) {
      const until = clock.elapsed() + watchedForMs;
      for (const { id } of deliveries) {
        watched.delete(id);
        watched.set(id, { by, until });
      }
      forgetOld();
    },
    close: () => timer?.cancel(),
  };
}
