import type { Clock, Timer } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { Sought } from '../core/traces.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import type { Erasure, ErasurePlace, WaitingChoice } from '../stores/ports/erasures.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';
import { type DeleteAccountContext, deleteAccount } from './delete-account.ts';
import { type ErasePersonContext, erasePerson } from './erase-person.ts';
import { createPieces, Stopped } from './pieces.ts';

export interface ErasuresOptions
  extends Omit<ErasePersonContext, 'now'>,
    Pick<DeleteAccountContext, 'settled'> {
  readonly clock: Clock;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

export interface ErasureRequest {
  /** `null`: over all accounts. */
  readonly accountId: string | null;
  readonly sought: Sought;
  readonly waiting: WaitingChoice;
  readonly by: AuditActor;
}

/**
 * Tasks that erase: one at a time, since each reads all events, in pieces that leave the store's threads to others most of
 * the time. Accounts take turns.
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

/** Of an account, that have not ended: each reads all events once. */
const mostOfAccount = 20;
/** When it is looked again whether what waited was delivered: first, and at most. */
const firstLookMs = 60_000;
const lastLookMs = 15 * 60_000;
/** When a task is tried again that failed: the disk refused, say. */
const tryAgainMs = 60_000;

const beginning: ErasurePlace = {
  ...{ step: 'events', after: 0, first: null, upTo: null },
  ...{ outstanding: [], againFrom: null },
};
const byUpgrade: AuditActor = { kind: 'operatorKey', id: 'gateway', name: 'Hookwire' };

interface Entry {
  erasure: Erasure;
  /** Not before, ms. */
  notBefore: number;
  lookMs: number;
}

export function createErasures(options: ErasuresOptions): Erasures {
  const { store, clock, log } = options;
  const pieces = createPieces();
  const context = { ...options, now: () => clock.now() };
  const entries = new Map<string, Entry>();
  /** When an account's last task was at work, as a count. */
  const turns = new Map<string | null, number>();
  let turn = 0;
  let working: Promise<void> | null = null;
  let timer: Timer | null = null;
  let closed = false;

  function enter(erasure: Erasure): void {
    entries.set(erasure.id, { erasure, notBefore: 0, lookMs: firstLookMs });
  }

  function next(): Entry | undefined {
    const due = [...entries.values()].filter(({ notBefore }) => notBefore <= clock.now());
    const turnOf = ({ erasure }: Entry): number => turns.get(erasure.accountId) ?? 0;
    return due.sort((a, b) => turnOf(a) - turnOf(b) || a.erasure.createdAt - b.erasure.createdAt)[0];
  }

  function work(): void {
    if (working || closed) return;
    timer?.cancel();
    timer = null;
    const entry = next();
    if (!entry) {
      if (entries.size === 0) return;
      const soonest = Math.min(...[...entries.values()].map(({ notBefore }) => notBefore));
      timer = clock.setTimer(work, Math.max(1, soonest - clock.now()));
      return;
    }
    turns.set(entry.erasure.accountId, ++turn);
    working = workAt(entry).finally(() => {
      working = null;
      work();
    });
  }

  async function workAt(entry: Entry): Promise<void> {
    const { id, accountId, kind } = entry.erasure;
    try {
      const isDone = await carryOut(entry);
      if (!isDone) {
        entry.notBefore = clock.now() + entry.lookMs;
        entry.lookMs = Math.min(entry.lookMs * 2, lastLookMs);
        await keep(entry, { state: 'waiting' });
        return;
      }
      await keep(entry, { state: 'done', place: null, finishedAt: clock.now() });
      entries.delete(id);
      log.info(
        { taskId: id, accountId, kind, counts: (await store.get(id))?.counts },
        'An erasure has ended.',
      );
    } catch (error) {
      if (error instanceof Stopped || closed) return;
      log.warn({ err: error, taskId: id, accountId, kind }, 'An erasure failed; it is tried again.');
      entry.notBefore = clock.now() + tryAgainMs;
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
    enter(erasure);
    try {
      await store.create(erasure);
    } catch (error) {
      entries.delete(erasure.id);
      throw error;
    }
    work();
    return erasure;
  }

  function made(
    by: AuditActor,
  ): Omit<Erasure, 'kind' | 'accountId' | 'deletedAccountId' | 'sought' | 'waiting'> {
    return {
      id: randomId('task'),
      by,
      ...{ state: 'waiting', place: beginning, counts: {} },
      ...{ createdAt: clock.now(), finishedAt: null },
    };
  }

  function addDeletion(deletedAccountId: string, by: AuditActor): Promise<Erasure> {
    return add({
      ...made(by),
      ...{ kind: 'account_deletion', accountId: null, deletedAccountId, sought: null, waiting: 'drop' },
    });
  }

  return {
    async start() {
      for (const erasure of await store.unfinished()) enter(erasure);
      for (const accountId of await store.deletedWithoutTask()) await addDeletion(accountId, byUpgrade);
      work();
    },
    async create({ accountId, sought, waiting, by }) {
      // Removals of accounts are the platform's too, and bounded by how many accounts there are.
      const own = [...entries.values()].filter(
        ({ erasure }) => erasure.kind === 'erasure' && erasure.accountId === accountId,
      );
      if (own.length >= mostOfAccount) {
        const detail = `${own.length} erasures are under way, the most there can be. Wait until one has ended.`;
        throw new HookwireError('conflict', detail);
      }
      return add({ ...made(by), kind: 'erasure', accountId, deletedAccountId: null, sought, waiting });
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
      await working?.catch(() => {});
    },
  };
}
