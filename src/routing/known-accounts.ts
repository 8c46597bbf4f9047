import { declaredLimits, type LimitValues, limitsInEffect } from '../core/account-limits.ts';
import {
  declaredKeep,
  type KeepDays,
  type KeepTimes,
  keepInEffect,
  keepTimes,
  noOwnKeep,
} from '../core/keeping.ts';
import type { Account, Directory } from '../stores/ports/directory.ts';
import type { Keeps } from '../stores/ports/retention.ts';

/** Which accounts there are, with their limits and times, in memory, since every event names one. */
export interface KnownAccounts {
  has(accountId: string): boolean;
  /** The account `operator` among them. */
  readonly count: number;
  /** The limits in effect; those of all accounts for one that is not known. */
  limitsOf(accountId: string): LimitValues;
  /**
   * How long what is an account's is kept; for one that is not known as long as for all. A change holds from the next call on.
   */
  keepOf(accountId: string): KeepTimes;
  /** The same of all accounts; another object when something has changed. */
  readonly keeps: Keeps;
  /** The directory, telling this of every account that comes, changes or goes. */
  readonly directory: Directory;
  /** The ids of all. */
  ids(): Iterable<string>;
  /** It is like this in the store, by whomever. One that is being deleted here stays out. */
  put(account: Account): void;
  /** It is not in the store any more. */
  remove(accountId: string): void;
  /** Hears of each account that this process itself has made, changed or deleted over {@link KnownAccounts.directory}. */
  onOwnChange(listener: (accountId: string) => void): void;
}

/**
 * @param defaults the limits of accounts that have none of their own
 * @param keep how long is kept what belongs to accounts that have no time of their own
 */
export async function knowAccounts(
  directory: Directory,
  defaults: LimitValues = declaredLimits,
  keep: KeepDays = declaredKeep,
): Promise<KnownAccounts> {
  /** By account. Most have no limits of their own and share one object. */
  const limits = new Map<string, LimitValues>();

  const keepOfAll = keepTimes(keepInEffect(keep, noOwnKeep));
  /** Of accounts that have times of their own. */
  const keeps = new Map<string, KeepTimes>();
  let shownKeeps: Keeps | null = null;
  const deleting = new Set<string>();
  const listeners: ((accountId: string) => void)[] = [];

  function changedHere(id: string): void {
    for (const listener of listeners) listener(id);
  }

  function forget(id: string): void {
    limits.delete(id);
    keeps.delete(id);
    shownKeeps = null;
  }

  function know({ id, limits: own, keep: ownKeep }: Account): void {
    limits.set(id, Object.keys(own).length > 0 ? limitsInEffect(defaults, own) : defaults);
    shownKeeps = null;
    if (ownKeep.payloadDays === null && ownKeep.logDays === null) keeps.delete(id);
    else keeps.set(id, keepTimes(keepInEffect(keep, ownKeep)));
  }

  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: Awaited<ReturnType<Directory['listAccounts']>> = await directory.listAccounts({
      limit: 500,
      cursor,
    });
    for (const account of page.data) know(account);
    cursor = page.nextCursor;
  }
  return {
    has: (accountId) => limits.has(accountId),
    get count() {
      return limits.size;
    },
    limitsOf: (accountId) => limits.get(accountId) ?? defaults,
    keepOf: (accountId) => keeps.get(accountId) ?? keepOfAll,
    get keeps() {
      shownKeeps ??= { ofAll: keepOfAll, own: new Map(keeps) };
      return shownKeeps;
    },
    directory: {
      ...directory,
      async createAccount(account, kept) {
        const created = await directory.createAccount(account, kept);
        if (created) {
          know(created);
          changedHere(created.id);
        }
        return created;
      },
      async changeAccount(id, change) {
        const changed = await directory.changeAccount(id, change);
        // Not one that is being deleted meanwhile.
        if (changed && limits.has(id)) know(changed);
        if (changed) changedHere(id);
        return changed;
      },
      async deleteAccount(id) {
        const known = limits.get(id);
        limits.delete(id);
        deleting.add(id);
        try {
          const deleted = await directory.deleteAccount(id);
          forget(id);
          return deleted;
        } catch (error) {
          if (known) limits.set(id, known);
          throw error;
        } finally {
          deleting.delete(id);
          changedHere(id);
        }
      },
    },
    ids: () => limits.keys(),
    put(account) {
      if (!deleting.has(account.id)) know(account);
    },
    remove: forget,
    onOwnChange: (listener) => void listeners.push(listener),
  };
}
