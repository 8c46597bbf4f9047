import type { Erasure, ErasureStore, WipePlace } from '../../stores/ports/erasures.ts';

export const huge = 'acc_huge';

/** A store of which an account's events never come to their end, nor does the index forget them. */
export function playErasureStore() {
  const kept = new Map<string, Erasure>();
  /** What was asked, in order. */
  const asked: string[] = [];
  const deletedWithoutTask = new Set<string>();
  let together = 0;
  let mostTogether = 0;

  async function step<T>(name: string, result: T): Promise<T> {
    asked.push(name);
    mostTogether = Math.max(mostTogether, ++together);
    await Promise.resolve();
    together--;
    return result;
  }

  const store: Partial<ErasureStore> = {
    async create(erasure) {
      kept.set(erasure.id, erasure);
      if (erasure.deletedAccountId) deletedWithoutTask.delete(erasure.deletedAccountId);
    },
    async save({ id, ...change }) {
      const before = kept.get(id);
      if (before) kept.set(id, { ...before, ...change });
    },
    get: async (id) => kept.get(id) ?? null,
    unfinished: async () => [...kept.values()].filter(({ finishedAt }) => finishedAt === null),
    deletedWithoutTask: async () => [...deletedWithoutTask],
    storedSpan: async () => ({ first: 1, last: 1_000_000 }),
    find: ({ accountId }, after) =>
      step(`find ${accountId}`, { events: [], next: accountId === huge ? after + 1 : null }),
    findOfAccount: ({ deletedAccountId }, after) =>
      step(`find of ${deletedAccountId}`, { events: [], next: deletedAccountId === huge ? after + 1 : null }),
    eraseRest: () => step('rest', null),
    deleteRest: () => step('rest', null),
    isForgotten: async ({ id }) => kept.get(id)?.accountId !== huge,
    wipesAlone: true,
    wipe: (from) => step<WipePlace | null>('wipe', from === null ? { page: 2 } : null),
  };
  return {
    store: store as ErasureStore,
    asked,
    /** Accounts that are marked as deleted. */
    deletedWithoutTask,
    state: (id: string) => kept.get(id)?.state,
    mostTogether: () => mostTogether,
  };
}
