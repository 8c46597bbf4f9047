import { type ArrivedItem, nameOf } from '../kill-targets.ts';

/** Reports of a message in order, each with its place from 0 as its transaction's id; the last may be outdated. */
export const statusesInOrder = ['accepted', 'sent', 'delivered'] as const;
/** Its last says less than the one before, so it is never to arrive. */
export const statusesOutdated = ['sent', 'delivered', 'accepted'] as const;

/** Of so many messages the last one's end is outdated. */
const outdatedEvery = 4;

export function endsOutdated(message: number): boolean {
  return message % outdatedEvery === 0;
}

/** Watches that each message's reports come strictly one after another. */
export interface OrderWatch {
  /** @param isTaken it was not refused */
  arrived(item: ArrivedItem, isTaken: boolean): void;
  readonly disorder: readonly string[];
}

export function createOrderWatch(): OrderWatch {
  /** The highest place of each message that was taken. */
  const reached = new Map<string, number>();
  const disorder: string[] = [];
  return {
    disorder,
    arrived({ msg_id, txn_id }, isTaken) {
      const place = Number(txn_id);
      const before = reached.get(msg_id) ?? -1;
      const message = Number(msg_id.slice(msg_id.lastIndexOf('-') + 1));
      const isOutdated = endsOutdated(message) && place === statusesOutdated.length - 1;
      // What was taken already comes a second time: that is counted elsewhere.
      if (isOutdated || place > before + 1) disorder.push(nameOf(msg_id, txn_id));
      if (isTaken) reached.set(msg_id, Math.max(before, place));
    },
  };
}
