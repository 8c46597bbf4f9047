import { courierOf } from '../../../core/courier-of.ts';
import { connect, type Port } from '../../../core/threads/connection.ts';
import { stateCode } from '../../codes.ts';
import {
  createDeliveryPacker,
  type DeliveryColumns,
  type DeliveryPacker,
} from '../../log/delivery-columns.ts';
import { type Arrived, gatherArrived } from './arrived.ts';
import type { Committed } from './commit-events.ts';
import { deliveryNumber } from './new-event.ts';

/** What a courier asks of the thread that stores events, over a port of its own. Answered when it is so. */
export interface HandOverCalls {
  /** It needs to hear of no new delivery of this webhook, but that there is one. */
  leave(webhookId: string): void;
  heedAgain(webhookId: string): void;
}

/** What a courier is told, in the order in which commits were answered. */
export interface HandOverNews {
  handedOver(news: HandedOver): void;
  /** Deliveries of its webhooks that were accepted elsewhere, or before they were its own. */
  arrived(news: Arrived): void;
}

/** New deliveries of one commit for one courier. */
export interface HandedOver {
  readonly accepted: DeliveryColumns | null;
  /** Numbers of those that it left, by webhook. */
  readonly left: ReadonlyMap<string, readonly number[]>;
}

/** Gives couriers of this process what was accepted in it, so that they need not load it. */
export interface HandOver {
  /** These are on disk. */
  committed(events: readonly Committed[]): void;
  /** Another process has told of these. */
  arrived(news: Arrived): void;
  /** New deliveries that couriers were told of, those that they left included. */
  readonly handedOver: number;
}

const skipped = stateCode('skipped');

/** What the processes that share a database tell each other of new deliveries. */
export interface Sharing {
  /** Whether a webhook is this process's to send for, now. */
  owns(webhookId: string): boolean;
  /** Tells all others. */
  announce(news: Arrived): void;
}

/** Of a process that is alone. */
export const notShared: Sharing = { owns: () => true, announce() {} };

/**
 * ```text
 * when the commit began, the webhook was     and now it is     told
 * its own                                    its own           the courier
 * its own                                    another's         the courier, which counts it, and all others
 * another's                                  another's         all others
 * another's                                  its own           all others, and the courier as of one that arrived
 * ```
 * @param ports the ends of this thread, one for each courier
 */
export function createHandOver(ports: readonly Port[], { owns, announce }: Sharing = notShared): HandOver {
  const left = new Set<string>();
  let handedOver = 0;
  const couriers = ports.map((port) =>
    connect<HandOverCalls, HandOverNews>(port, {
      leave: (webhookId) => void left.add(webhookId),
      heedAgain: (webhookId) => void left.delete(webhookId),
    }),
  );

  function arrived(news: Arrived): void {
    for (const [courier, connection] of couriers.entries()) {
      const own = news.filter(([, id]) => owns(id) && courierOf(id, couriers.length) === courier);
      if (own.length > 0) connection.tell('arrived', own);
    }
  }

  return {
    arrived,
    committed(events) {
      const elsewhere = gatherArrived();
      const packs = couriers.map(() => ({
        packer: null as DeliveryPacker | null,
        left: new Map<string, number[]>(),
      }));
      for (const { incoming, withheld } of inOrder(events)) {
        const event = { ...incoming.row, acceptedAt: incoming.acceptedAt };
        for (const [place, webhookId] of event.webhookIds.entries()) {
          const number = deliveryNumber(event.seq, place);
          const state = withheld.get(number)?.state;
          const isOutdated = state === skipped;
          if (state !== undefined && !isOutdated) continue;
          const wasElsewhere = incoming.elsewhere.includes(webhookId);
          if (!isOutdated && (wasElsewhere || !owns(webhookId)))
            elsewhere.add(event.account, webhookId, number);
          if (wasElsewhere && !isOutdated) continue;
          if (!isOutdated) handedOver++;
          const pack = packs[courierOf(webhookId, couriers.length)];
          if (!pack) continue;
          if (left.has(webhookId) && !isOutdated) {
            const numbers = pack.left.get(webhookId) ?? [];
            numbers.push(number);
            pack.left.set(webhookId, numbers);
          } else {
            pack.packer ??= createDeliveryPacker();
            pack.packer.add(event, number, webhookId, isOutdated);
          }
        }
      }
      for (const [courier, { packer, left: unseen }] of packs.entries()) {
        const accepted = packer?.columns(null) ?? null;
        if (accepted || unseen.size > 0) couriers[courier]?.tell('handedOver', { accepted, left: unseen });
      }
      const news = elsewhere.take();
      if (news) {
        announce(news);
        arrived(news);
      }
    },
    get handedOver() {
      return handedOver;
    },
  };
}

/** In the order of acceptance: some may have got another number than that of their place. */
function inOrder(events: readonly Committed[]): readonly Extract<Committed, { is: 'stored' }>[] {
  return events
    .filter((committed) => committed.is === 'stored')
    .toSorted((a, b) => a.incoming.row.seq - b.incoming.row.seq);
}
