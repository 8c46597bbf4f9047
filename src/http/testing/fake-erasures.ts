import type { Clock } from '../../core/clock.ts';
import type { Erasure } from '../../stores/ports/erasures.ts';
import type { Services } from '../services.ts';

/** Erasures that are asked for and never carried out. */
export function createFakeErasures(clock: Clock): Services['erasures'] {
  const made = new Map<string, Erasure>();

  async function add(
    parts: Pick<Erasure, 'kind' | 'accountId' | 'deletedAccountId' | 'sought' | 'waiting' | 'by'>,
  ) {
    const id = `task_erasure_${made.size + 1}`;
    const fresh = {
      state: 'waiting',
      place: null,
      counts: {},
      createdAt: clock.now(),
      finishedAt: null,
    } as const;
    const erasure: Erasure = { id, ...fresh, ...parts };
    made.set(id, erasure);
    return erasure;
  }

  return {
    create: (request) => add({ kind: 'erasure', deletedAccountId: null, ...request }),
    deleteAccount: (deletedAccountId, by) =>
      add({ kind: 'account_deletion', accountId: null, deletedAccountId, sought: null, waiting: 'drop', by }),
    get: async (id) => made.get(id) ?? null,
    list: async ({ accountId }) => ({
      data: [...made.values()].filter((each) => accountId === null || each.accountId === accountId),
      nextCursor: null,
    }),
    removing: async (accountId) =>
      [...made.values()].find((each) => each.deletedAccountId === accountId) ?? null,
  };
}
