import { HookwireError } from '../core/errors.ts';
import type { NewEvent } from '../stores/ports/delivery-log.ts';
import type { Admission } from './admission.ts';
import type { Cost, IntakeRoom, Refusal } from './room.ts';

/** Lets an account's events of a call in where there is room for them too; they leave it when they are on disk or refused. */
export function admitWithRoom(
  admission: Pick<Admission, 'admit'>,
  room: IntakeRoom,
  routed: readonly NewEvent[],
): Pick<Admission, 'admit'> {
  const costs = costsOf(routed);
  return {
    admit(accountId, events, deliveries) {
      const entered = room.enter(accountId, costs.get(accountId) ?? { deliveries, characters: 0 });
      if (typeof entered !== 'function') return noRoom(entered);
      const admitted = admission.admit(accountId, events, deliveries);
      if (admitted instanceof HookwireError) {
        entered();
        return admitted;
      }
      return {
        stored(made) {
          entered();
          admitted.stored(made);
        },
        refused() {
          entered();
          admitted.refused();
        },
      };
    },
  };
}

/** Why an account's call would be refused for lack of room whatever is in it, so that it need not be read. */
export function refusalForRoom(room: Pick<IntakeRoom, 'full'>, accountId: string): HookwireError | null {
  const refusal = room.full(accountId);
  return refusal && noRoom(refusal);
}

function noRoom(refusal: Refusal): HookwireError {
  return new HookwireError('overloaded', wordsOf(refusal), { retryAfterSeconds: 1 });
}

function costsOf(events: readonly NewEvent[]): ReadonlyMap<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const { event, webhookIds, size = 0 } of events) {
    const before = costs.get(event.accountId);
    costs.set(event.accountId, {
      deliveries: (before?.deliveries ?? 0) + Math.max(1, webhookIds.length),
      characters: (before?.characters ?? 0) + size,
    });
  }
  return costs;
}

function wordsOf({ of, what, most }: Refusal): string {
  const words = what === 'deliveries' ? `${most} deliveries` : `events of ${Math.ceil(most / 2 ** 20)} MiB`;
  const who = of === 'account' ? 'Of one account' : 'In all';
  return `${who} ${words} may wait to be written, and so many do. Nothing of this was accepted; send it again.`;
}
