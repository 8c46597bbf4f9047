import type { QueuedDelivery } from '../../../core/delivery.ts';

/** A new delivery, with its number. */
export interface NewDelivery {
  readonly number: number;
  readonly delivery: QueuedDelivery;
}

/** What lanes are to be told now, in this order; then `left` more that they need not see. */
export interface ToTell {
  readonly deliveries: readonly QueuedDelivery[];
  readonly left: number;
}

/**
 * Lets a courier see each new delivery once although it hears of it twice: from the thread that committed it, and by a load,
 * over another connection, which may see a commit before it is answered.
 *
 * ```text
 * commit  ──── begun ──────────── visible ─────────── answered ── handed over ──▸ told
 * load a  ───── asked ─ looks ─ answered                                            since: behind it
 * load b                          ─ asked ─ looks ─ answered                        no: it was in the load
 * load c                                    ─ asked ─────────────── looks ─ answered held until then: was in the load
 * ```
 * Numbers decide. Deliveries of one webhook are of one account, of which one commit is under way at a time: so they become
 * visible in the order of their numbers, they are handed over in it, and a load brings all up to the last that it brings, but
 * those that were known before. What a load brings with a number above all that was handed over has not been told of yet: it is
 * told of then, and ignored when it is handed over. What is handed over while a load looks is told of before its answer where that
 * has it, and behind it otherwise.
 *
 * Nobody hands over those of former runs of this process and of before it owned the webhook: they are only ever loaded. Other
 * processes' arrive (`arrived.ts`): these are read over the same connection as loads, so lanes know each that they have.
 */
export interface NewDeliveries {
  /** The thread that commits has handed these over, in the order of their numbers. */
  handedOver(deliveries: readonly NewDelivery[], left: ReadonlyMap<string, readonly number[]>): ToTell;
  /** A load of the webhook is about to look. One at a time. */
  loadLooks(webhookId: string): void;
  /** It has brought these. Gives what to tell before its answer. */
  loadBrought(brought: readonly NewDelivery[]): ToTell;
  /** Whoever asked has its answer, or knows that it failed. Gives what to tell behind it. */
  loadAnswered(): ToTell;
}

/** @param isHandedOver whether the webhook's delivery of this number will be handed over, or was */
export function createNewDeliveries(
  isHandedOver: (number: number, webhookId: string) => boolean,
): NewDeliveries {
  /** The largest number by webhook that was handed over or told of because a load brought it. */
  const known = new Map<string, number>();
  let loading: { readonly webhookId: string; held: NewDelivery[] } | null = null;

  /** Whether nobody has heard of it yet; from now on somebody has. */
  function isNews(webhookId: string, number: number): boolean {
    if (number <= (known.get(webhookId) ?? 0)) return false;
    known.set(webhookId, number);
    return true;
  }

  return {
    handedOver(deliveries, left) {
      const told: QueuedDelivery[] = [];
      for (const each of deliveries) {
        const { webhookId } = each.delivery;
        if (!isNews(webhookId, each.number)) continue;
        if (loading?.webhookId === webhookId) loading.held.push(each);
        else told.push(each.delivery);
      }
      let unseen = 0;
      for (const [webhookId, numbers] of left) {
        for (const number of numbers) if (isNews(webhookId, number)) unseen++;
      }
      return { deliveries: told, left: unseen };
    },
    loadLooks(webhookId) {
      loading = { webhookId, held: [] };
    },
    loadBrought(brought) {
      if (!loading) return toTell([]);
      const { held } = loading;
      const numbers = new Set(brought.map(({ number }) => number));
      const before = held.filter(({ number }) => numbers.has(number));
      for (const each of brought) {
        const { webhookId } = each.delivery;
        if (isHandedOver(each.number, webhookId) && isNews(webhookId, each.number)) before.push(each);
      }
      loading.held = held.filter(({ number }) => !numbers.has(number));
      return toTell(before);
    },
    loadAnswered() {
      const held = loading?.held ?? [];
      loading = null;
      return toTell(held);
    },
  };
}

function toTell(deliveries: readonly NewDelivery[]): ToTell {
  return { deliveries: deliveries.map(({ delivery }) => delivery), left: 0 };
}
