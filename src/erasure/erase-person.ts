import type { Event } from '../core/event.ts';
import { createTraces } from '../core/traces.ts';
import type { Couriers } from '../delivery/courier/couriers.ts';
import type { Recovery } from '../recover/recovery.ts';
import {
  type Erasure,
  type ErasurePlace,
  type ErasureStore,
  erasedReason,
  type RestPlace,
  type WaitingEvent,
} from '../stores/ports/erasures.ts';
import type { TaskStore } from '../stores/ports/tasks.ts';
import type { Pieces } from './pieces.ts';
import { throughAll } from './through-all.ts';
import { wipeFiles } from './wipe-files.ts';

export interface ErasePersonContext {
  readonly store: ErasureStore;
  readonly tasks: Pick<TaskStore, 'unfinished'>;
  readonly recovery: Pick<Recovery, 'cancel'>;
  readonly couriers: Pick<Couriers, 'drop'>;
  readonly now: () => number;
  /** Resolves when what people did until now is in the audit log. */
  readonly flushAudit: () => Promise<unknown>;
}

/** So long it waits for deliveries, where it is to. */
export const deliverWithinMs = 72 * 3_600_000;
/** Events that wait and are remembered by their numbers; for more, all behind the first is looked through again. */
const mostOutstanding = 5_000;
/** How often what could not be dropped at once is tried again: an event whose deliveries are still being stored. */
const mostRounds = 50;
const roundRestMs = 100;

/**
 * Erases a person, from where the task stands; `false`: some of their events wait for delivery first.
 * @param save keeps how far it has come
 */
export async function erasePerson(
  erasure: Erasure,
  place: ErasurePlace,
  save: (place: ErasurePlace) => Promise<void>,
  pieces: Pieces,
  context: ErasePersonContext,
): Promise<boolean> {
  let at = place;
  const go = async (to: Partial<ErasurePlace>): Promise<void> => {
    at = { ...at, ...to };
    await save(at);
  };
  if (at.step === 'events') {
    const span = await context.store.storedSpan();
    const [first, upTo] = [at.first ?? span.first, at.upTo ?? span.last];
    await go({ first, upTo });
    const remaining = await eraseEvents(erasure, { ...at, upTo }, go, pieces, context);
    if (remaining) return false;
    await go({ step: 'rest', outstanding: [], againFrom: null });
  }
  if (at.step === 'rest') {
    await eraseRest(erasure, pieces, context);
    await go({ step: 'files' });
  }
  await wipeFiles(context.store, pieces);
  return true;
}

/** Whether some wait. */
async function eraseEvents(
  erasure: Erasure,
  from: ErasurePlace & { readonly upTo: number },
  go: (to: Partial<ErasurePlace>) => Promise<void>,
  pieces: Pieces,
  context: ErasePersonContext,
): Promise<boolean> {
  const { upTo } = from;
  let { outstanding, againFrom } = from;
  let after = againFrom ?? from.after;
  againFrom = null;
  outstanding = await eraseSome(erasure, outstanding, pieces, context);
  for (let isMore = after < upTo; isMore; ) {
    const found = await pieces.piece(() => context.store.find(erasure, after, upTo));
    const waiting = await eraseSome(erasure, found.events, pieces, context);
    const room = Math.max(0, mostOutstanding - outstanding.length);
    outstanding = [...new Set([...outstanding, ...waiting.slice(0, room)])];
    const beyond = waiting[room];
    if (beyond !== undefined) againFrom ??= beyond - 1;
    after = found.next ?? upTo;
    isMore = found.next !== null;
    await go({ after, upTo, outstanding, againFrom });
  }
  await go({ after, upTo, outstanding, againFrom });
  return outstanding.length > 0 || againFrom !== null;
}

/** Gives those that stay for now, since they wait for delivery. */
async function eraseSome(
  erasure: Erasure,
  events: readonly number[],
  pieces: Pieces,
  { store, couriers, now }: ErasePersonContext,
): Promise<readonly number[]> {
  const drops = erasure.waiting === 'drop' || now() >= erasure.createdAt + deliverWithinMs;
  let left = events;
  for (let round = 0; left.length > 0; round++) {
    const waiting: WaitingEvent[] = [];
    for (let rest = left; rest.length > 0; ) {
      const some = rest;
      const erased = await pieces.piece(() => store.eraseEvents(erasure, some));
      waiting.push(...erased.waiting);
      rest = rest.slice(erased.done);
    }
    left = waiting.map(({ event }) => event);
    if (!drops || left.length === 0 || round === mostRounds) break;
    if (waiting.some(({ deliveries }) => deliveries.length === 0)) await pieces.rest(roundRestMs);
    for (const [webhookId, ids] of byWebhook(waiting)) await couriers.drop(webhookId, ids, erasedReason);
  }
  return left;
}

function byWebhook(waiting: readonly WaitingEvent[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, webhookId } of waiting.flatMap(({ deliveries }) => deliveries)) {
    const own = ids.get(webhookId);
    if (own) own.push(id);
    else ids.set(webhookId, [id]);
  }
  return ids;
}

async function eraseRest(
  erasure: Erasure,
  pieces: Pieces,
  { store, tasks, recovery, flushAudit }: ErasePersonContext,
): Promise<void> {
  if (!erasure.sought) return;
  const { isTheirs } = createTraces(erasure.sought);
  for (const { id, accountId, filter } of await tasks.unfinished()) {
    if (erasure.accountId !== null && accountId !== erasure.accountId) continue;
    const { mobileNumber = null, messageId = '', transactionId = null } = filter;
    const asked = { id: '', mobileNumber, messageId, transactionId, userId: null, message: null };
    if (isTheirs(asked as unknown as Event)) await recovery.cancel(id);
  }
  await flushAudit();
  await throughAll((from: RestPlace | null) => pieces.piece(() => store.eraseRest(erasure, from)));
}
