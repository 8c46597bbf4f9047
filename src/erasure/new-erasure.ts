import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { Sought } from '../core/traces.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import type { Erasure, ErasurePlace, WaitingChoice } from '../stores/ports/erasures.ts';

export interface ErasureRequest {
  /** `null`: over all accounts. */
  readonly accountId: string | null;
  readonly sought: Sought;
  readonly waiting: WaitingChoice;
  readonly by: AuditActor;
}

/** Of an account, that have not ended: each reads all events once. */
const mostOfAccount = 20;

/** Where an erasure begins. */
export const beginning: ErasurePlace = {
  ...{ step: 'events', after: 0, first: null, upTo: null },
  ...{ outstanding: [], againFrom: null, sentSince: false },
};

/**
 * @param unended those of all accounts that have not ended
 * @throws HookwireError `conflict` when the account has enough of them
 */
export function newErasure(
  { accountId, sought, waiting, by }: ErasureRequest,
  unended: readonly Erasure[],
  now: number,
): Erasure {
  // Removals of accounts are the platform's too, and bounded by how many accounts there are.
  const own = unended.filter((each) => each.kind === 'erasure' && each.accountId === accountId);
  if (own.length >= mostOfAccount) {
    const detail = `${own.length} erasures are under way, the most there can be. Wait until one has ended.`;
    throw new HookwireError('conflict', detail);
  }
  return { ...made(by, now), kind: 'erasure', accountId, deletedAccountId: null, sought, waiting };
}

export function newDeletion(deletedAccountId: string, by: AuditActor, now: number): Erasure {
  return {
    ...made(by, now),
    ...{ kind: 'account_deletion', accountId: null, deletedAccountId, sought: null, waiting: 'drop' },
  };
}

function made(
  by: AuditActor,
  createdAt: number,
): Omit<Erasure, 'kind' | 'accountId' | 'deletedAccountId' | 'sought' | 'waiting'> {
  const id = randomId('task');
  return { id, by, state: 'waiting', place: beginning, counts: {}, createdAt, finishedAt: null };
}
