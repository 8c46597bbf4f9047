import type { Clock, Timer } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import type { Erasure, ErasurePlace } from '../stores/ports/erasures.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';
import { type DeleteAccountContext, deleteAccount } from './delete-account.ts';
import { type ErasePersonContext, erasePerson } from './erase-person.ts';
import { beginning, type ErasureRequest, newDeletion, newErasure } from './new-erasure.ts';
import { createPieces, Stopped } from './pieces.ts';
import { createWipeFiles } from './wipe-files.ts';

export interface ErasuresOptions
  extends Omit<ErasePersonContext, 'now' | 'wipeFiles'>,
    Pick<DeleteAccountContext, 'settled'> {
  readonly clock: Clock;
  /** Events that were handed in by now, as a count: while they come, erasing gives way. */
  readonly handedIn: () => number;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

/** What can be asked of erasures, by the API. */
export interface ErasureCalls extends Pick<Erasures, 'create' | 'deleteAccount' | 'get' | 'list'> {
  /** The task that removes an account; `null`: there is none that has not ended. */
  removing(accountId: string): Promise<Erasure | null>;
}

/**
 * Tasks that erase, one of an account at a time, since each reads all events. Those of several accounts take turns, a piece of
 * some ms each, so that a small one ends long before a huge one, and all together leave the store's threads to others most
 * of the time.
 *
 * ```text
 * create ──▸ in line ──▸ at work ──▸ done, with its receipt
 *               ▲           │ some of it waits for delivery
 *               └─ 1 min … ─┘
 * ```
 */
export interface Erasures {
  /** Takes up what had not ended, and accounts that were deleted and still have something. */
  start(): Promise<void>;
  /** Takes up those that others have put into the store. */
  lookForMore(): Promise<void>;
  /** @throws HookwireError `conflict` when the account has enough of them */
  create(request: ErasureRequest): Promise<Erasure>;
  /** Removes an account that is marked as deleted. */
  deleteAccount(accountId: string, by: AuditActor): Promise<Erasure>;
  get(id: string): Promise<Erasure | null>;
  list(filter: { readonly accountId: string | null }, page: PageRequest): Promise<Page<Erasure>>;
  /** The task that removes an account; `null`: there is none at work. */
  removing(accountId: string): Erasure | null;
  /** Leaves tasks as they are, to go on after the next start. Never rejects. */
  close(): Promise<void>;
}

/** Tasks that are at work at once; each has some thousand numbers of events in memory at most. */
const mostAtWork = 16;
/** When it is looked again whether what waited was delivered: first, and at most. */
const firstLookMs = 60_000;
const lastLookMs = 15 * 60_000;
/** When a task is tried again that failed: the disk refused, say. */
const tryAgainMs = 60_000;

const byUpgrade: AuditActor = { kind: 'operatorKey', id: 'gateway', name: 'Hookwire' };

interface Entry {
  erasure: Erasure;
  /** Not before, ms. */
  notBefore: number;
  lookMs: number;
}

export function createErasures(options: ErasuresOptions): Erasures {
  const { store, clock, log } = options;
  const pieces = createPieces(options.handedIn);
  const wipeFiles = createWipeFiles(store, pieces);
  const context = { ...options, wipeFiles, now: () => clock.now() };
  const entries = new Map<string, Entry>();
  /** Those that have ended since what is to be done was last looked for. */
  const ended = new Set<string>();
  /** When an account's last task was at work, as a count. */
  const turns = new Map<string | null, number>();
  let turn = 0;
  const atWork = new Map<Entry, Promise<void>>();
  let timer: Timer | null = null;
  let closed = false;

  function enter(erasure: Erasure, notBefore: number): Entry {
    const entry = { erasure, notBefore, lookMs: firstLookMs };
    entries.set(erasure.id, entry);
    return entry;
  }

  /** The next that is due, and that no other one holds up: of its account, or that removes it. */
  function next(): Entry | undefined {
    const taken = new Set([...atWork.keys()].flatMap(({ erasure }) => placesOf(erasure)));
    const due = [...entries.values()].filter(
      (entry) =>
        !atWork.has(entry) &&
        entry.notBefore <= clock.elapsed() &&
        placesOf(entry.erasure).every((place) => !taken.has(place)),
    );
    const turnOf = ({ erasure }: Entry): number => turns.get(erasure.accountId) ?? 0;
    return due.sort((a, b) => turnOf(a) - turnOf(b) || a.erasure.createdAt - b.erasure.createdAt)[0];
  }

  function work(): void {
    if (closed) return;
    timer?.cancel();
    timer = null;
    while (atWork.size < mostAtWork) {
      const entry = next();
      if (!entry) break;
      turns.set(entry.erasure.accountId, ++turn);
      const working = workAt(entry).finally(() => {
        atWork.delete(entry);
        work();
      });
      atWork.set(entry, working);
    }
    // Those that are due wait for one that is at work.
    const now = clock.elapsed();
    const later = [...entries.values()].map(({ notBefore }) => notBefore).filter((at) => at > now);
    const soonest = Math.min(...later);
    if (Number.isFinite(soonest)) timer = clock.setTimer(work, Math.max(1, soonest - now));
  }

  async function workAt(entry: Entry): Promise<void> {
    const { id, accountId, kind } = entry.erasure;
    try {
      const isDone = await carryOut(entry);
      if (!isDone) {
        entry.notBefore = clock.elapsed() + entry.lookMs;
        entry.lookMs = Math.min(entry.lookMs * 2, lastLookMs);
        await keep(entry, { state: 'waiting' });
        return;
      }
      await keep(entry, { state: 'done', place: null, finishedAt: clock.now() });
      entries.delete(id);
      ended.add(id);
      log.info(
        { taskId: id, accountId, kind, counts: (await store.get(id))?.counts },
        'An erasure has ended.',
      );
    } catch (error) {
      if (error instanceof Stopped || closed) return;
      log.warn({ err: error, taskId: id, accountId, kind }, 'An erasure failed; it is tried again.');
      entry.notBefore = clock.elapsed() + tryAgainMs;
    }
  }

  async function carryOut(entry: Entry): Promise<boolean> {
    const { erasure } = entry;
    await keep(entry, { state: 'running' });
    const place = erasure.place ?? beginning;
    const save = (to: ErasurePlace): Promise<void> => keep(entry, { place: to });
    if (erasure.kind === 'erasure') return erasePerson(erasure, place, save, pieces, context);
    await deleteAccount(erasure, place, save, pieces, context);
    return true;
  }

  async function keep(
    entry: Entry,
    change: Partial<Pick<Erasure, 'state' | 'place' | 'finishedAt'>>,
  ): Promise<void> {
    const changed = { ...entry.erasure, ...change };
    await store.save(changed);
    entry.erasure = changed;
  }

  async function add(erasure: Erasure): Promise<Erasure> {
    if (closed) throw new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    // At once, so that no two of an account get its last place.
    const entry = enter(erasure, Number.POSITIVE_INFINITY);
    try {
      await store.create(erasure);
      entry.notBefore = 0;
    } catch (error) {
      entries.delete(erasure.id);
      throw error;
    }
    work();
    return erasure;
  }

  const addDeletion = (accountId: string, by: AuditActor): Promise<Erasure> =>
    add(newDeletion(accountId, by, clock.now()));

  async function lookForMore(): Promise<void> {
    ended.clear();
    for (const erasure of await store.unfinished()) {
      if (!entries.has(erasure.id) && !ended.has(erasure.id)) enter(erasure, 0);
    }
    work();
  }

  return {
    async start() {
      await lookForMore();
      for (const accountId of await store.deletedWithoutTask()) await addDeletion(accountId, byUpgrade);
    },
    lookForMore,
    async create(request) {
      const unended = [...entries.values()].map(({ erasure }) => erasure);
      return add(newErasure(request, unended, clock.now()));
    },
    deleteAccount: addDeletion,
    get: (id) => store.get(id),
    list: (filter, page) => store.list(filter, page),
    removing: (accountId) =>
      [...entries.values()].find(({ erasure }) => erasure.deletedAccountId === accountId)?.erasure ?? null,
    async close() {
      closed = true;
      timer?.cancel();
      pieces.stop();
      await Promise.allSettled(atWork.values());
    },
  };
}

/** What an erasure needs for itself: none is at work in an account while it is removed, and accounts are removed one by one. */
function placesOf({ kind, accountId, deletedAccountId }: Erasure): readonly string[] {
  return kind === 'erasure' ? [`in ${accountId}`] : ['removal', `in ${deletedAccountId}`];
}
