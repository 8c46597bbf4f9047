import type { Event } from '../core/event.ts';
import { createTraces } from '../core/traces.ts';
import type { Couriers } from '../delivery/courier/couriers.ts';
import type { Recovery } from '../recover/recovery.ts';
import {
  type Erasure,
  type ErasureLook,
  type ErasurePlace,
  type ErasureStore,
  erasedReason,
  type RestPlace,
  type WaitingEvent,
} from '../stores/ports/erasures.ts';
import type { TaskStore } from '../stores/ports/tasks.ts';
import type { Pieces } from './pieces.ts';
import { saveSeldom } from './save-seldom.ts';
import { throughAll } from './through-all.ts';
import type { WipeFiles } from './wipe-files.ts';

export interface ErasePersonContext {
  readonly store: ErasureStore;
  readonly tasks: Pick<TaskStore, 'unfinished'>;
  readonly recovery: Pick<Recovery, 'cancel'>;
  readonly couriers: Pick<Couriers, 'drop'>;
  readonly now: () => number;
  /** Resolves when what people did until now is in the audit log. */
  readonly flushAudit: () => Promise<unknown>;
  readonly wipeFiles: WipeFiles;
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
  const ended = { outstanding: [], againFrom: null };
  if (at.step === 'events') {
    const span = await context.store.storedSpan();
    const [first, upTo] = [at.first ?? span.first, at.upTo ?? span.last];
    // What a process knew that was killed is not known.
    await go({ first, upTo, sentSince: at.sentSince || at.first !== null });
    if (await eraseEvents(erasure, 'events', { ...at, upTo }, go, pieces, context)) return false;
    if (at.sentSince) {
      const { last } = await context.store.storedSpan();
      await go({ step: 'echoes', after: 0, upTo: last, ...ended });
    } else await go({ step: 'rest', ...ended });
  }
  if (at.step === 'echoes') {
    const upTo = at.upTo ?? 0;
    if (await eraseEvents(erasure, 'echoes', { ...at, upTo }, go, pieces, context)) return false;
    await go({ step: 'rest', ...ended });
  }
  if (at.step === 'rest') {
    await eraseRest(erasure, pieces, context);
    await go({ step: 'files' });
  }
  await context.wipeFiles(erasure);
  return true;
}

/** Whether some wait. */
async function eraseEvents(
  erasure: Erasure,
  look: ErasureLook,
  from: ErasurePlace & { readonly upTo: number },
  go: (to: Partial<ErasurePlace>) => Promise<void>,
  pieces: Pieces,
  context: ErasePersonContext,
): Promise<boolean> {
  const { upTo } = from;
  const saved = saveSeldom(go);
  let { outstanding, againFrom, sentSince } = from;
  let after = againFrom ?? from.after;
  againFrom = null;
  const eraseThese = async (events: readonly number[]): Promise<readonly number[]> => {
    const some = await eraseSome(erasure, look, events, pieces, context);
    sentSince ||= some.sentSince;
    return some.left;
  };
  outstanding = await eraseThese(outstanding);
  for (let isMore = after < upTo; isMore; ) {
    const found = await pieces.piece('look', (mostMs) =>
      context.store.find(erasure, after, upTo, look, mostMs),
    );
    const waiting = await eraseThese(found.events);
    const room = Math.max(0, mostOutstanding - outstanding.length);
    outstanding = [...new Set([...outstanding, ...waiting.slice(0, room)])];
    const beyond = waiting[room];
    if (beyond !== undefined) againFrom ??= beyond - 1;
    after = found.next ?? upTo;
    isMore = found.next !== null;
    await saved.reached({ after, upTo, outstanding, againFrom, sentSince });
  }
  await saved.end({ after, upTo, outstanding, againFrom, sentSince });
  return outstanding.length > 0 || againFrom !== null;
}

/** Gives those that stay for now, since they wait for delivery, and whether some of the others were sent meanwhile. */
async function eraseSome(
  erasure: Erasure,
  look: ErasureLook,
  events: readonly number[],
  pieces: Pieces,
  { store, couriers, now }: ErasePersonContext,
): Promise<{ readonly left: readonly number[]; readonly sentSince: boolean }> {
  const drops = erasure.waiting === 'drop' || now() >= erasure.createdAt + deliverWithinMs;
  let left = events;
  let sentSince = false;
  for (let round = 0; left.length > 0; round++) {
    const waiting: WaitingEvent[] = [];
    for (let rest = left; rest.length > 0; ) {
      const some = rest;
      const erased = await pieces.piece('write', () => store.eraseEvents(erasure, some, look));
      sentSince ||= erased.sentSince;
      waiting.push(...erased.waiting);
      rest = rest.slice(erased.done);
    }
    left = waiting.map(({ event }) => event);
    if (!drops || left.length === 0 || round === mostRounds) break;
    if (waiting.some(({ deliveries }) => deliveries.length === 0)) await pieces.rest(roundRestMs);
    for (const [webhookId, ids] of byWebhook(waiting)) await couriers.drop(webhookId, ids, erasedReason);
  }
  return { left, sentSince };
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
  await throughAll((from: RestPlace | null) => pieces.piece('write', () => store.eraseRest(erasure, from)));
}
