import type { Clock } from '../core/clock.ts';
import type { AnswerOf, ArgumentsOf } from '../core/threads/connection.ts';
import type { Couriers } from '../delivery/courier/couriers.ts';
import type { RequeuedDelivery } from '../stores/ports/delivery-log.ts';
import { type Asking, type Question, UnknownQuestionError } from './asking.ts';
import { createAtOwner, type OwnersAnswer } from './at-owner.ts';
import type { Cluster } from './cluster.ts';

/** What this process knows of the configuration, brought up to what is committed. */
export interface KnownConfiguration {
  /** Whether a webhook is known here, as of the latest that was heard. */
  isKnown(webhookId: string): boolean;
  /** Reads a webhook again, and makes it known as it is; gone where it is. */
  refresh(webhookId: string): Promise<void>;
  /** Resolves when everything that was heard of until now is known. */
  settled(): Promise<void>;
}

export interface ClusterCouriersOptions<C extends Couriers> {
  /** This process's own. */
  readonly local: C;
  readonly cluster: Pick<Cluster, 'id' | 'owns' | 'ownerOf'>;
  readonly asking: Pick<Asking, 'answer' | 'ask' | 'askOthers'>;
  readonly configuration: KnownConfiguration;
  readonly clock: Pick<Clock, 'elapsed' | 'setTimer'>;
  /** Another process has had these sent again here, before they are. */
  readonly onRequeuedFor?: (processId: string, requeued: readonly RequeuedDelivery[]) => void;
}

/** What is done for one webhook, by its owner. */
interface OwnerCommands {
  replay: Couriers['replay'];
  wake(webhookId: string): Promise<void>;
  gone: Couriers['gone'];
  requeueMany: Couriers['requeueMany'];
  skipWaiting: Couriers['skipWaiting'];
  drop: Couriers['drop'];
  expire: Couriers['expire'];
}

interface Way {
  /** What the asker has changed of the webhook is to be known to its owner first. */
  readonly refreshes: boolean;
  /** Where an answer was lost with the process that was asked, it is asked of the next owner. */
  readonly again: boolean;
  /** So long an answer is waited for, ms. */
  readonly withinMs: number;
}

/** What does not wait for endpoints. */
const soonMs = 15_000;
/** Longer than an attempt may take. */
const attemptMs = 120_000;

/**
 * What a lost answer means, by command:
 *
 * - `replay`: the delivery is made due again. Where the owner died right after it had sent it, it is sent once more.
 * - `wake`, `gone`, `drop`, `expire`: nothing, they are the same when done twice.
 * - `skipWaiting`: the number is that of those that the second one found; nobody counts on it.
 * - `requeueMany`: the second answer would leave out those that the first one had sent again. So it is not asked again: whoever
 *   asked looks in the store.
 */
const ways: Readonly<Record<keyof OwnerCommands, Way>> = {
  replay: { refreshes: false, again: true, withinMs: soonMs },
  wake: { refreshes: false, again: true, withinMs: soonMs },
  gone: { refreshes: true, again: true, withinMs: attemptMs },
  requeueMany: { refreshes: false, again: false, withinMs: soonMs },
  skipWaiting: { refreshes: true, again: true, withinMs: attemptMs },
  drop: { refreshes: false, again: true, withinMs: attemptMs },
  expire: { refreshes: false, again: true, withinMs: soonMs },
};

interface Command {
  readonly command: keyof OwnerCommands;
  readonly webhookId: string;
  readonly args: readonly unknown[];
}

const toOwner: Question<Command, OwnersAnswer<unknown>> = { name: 'courier' };
const toAll: Question<string | null, null> = { name: 'heard' };
const allWithinMs = 5_000;

/**
 * The couriers of all processes as one, seen from one of them: what belongs to one webhook is done by the process that owns it,
 * everything else by this process's own.
 */
export function createClusterCouriers<C extends Couriers>(options: ClusterCouriersOptions<C>): C {
  const { local, cluster, asking, configuration, clock, onRequeuedFor } = options;
  const atOwner = createAtOwner(cluster, clock);
  const here: OwnerCommands = {
    ...local,
    wake: async (webhookId) => local.wake(webhookId),
  };

  asking.answer(toOwner, async ({ command, webhookId, args }, from): Promise<OwnersAnswer<unknown>> => {
    if (!Object.hasOwn(ways, command)) throw new UnknownQuestionError(`the command ${command} of a webhook`);
    if (!cluster.owns(webhookId)) return { isMine: false };
    if (ways[command].refreshes || !configuration.isKnown(webhookId)) await configuration.refresh(webhookId);
    if (!cluster.owns(webhookId)) return { isMine: false };
    const value: unknown = await (here[command] as (...of: readonly unknown[]) => unknown)(...args);
    if (command === 'requeueMany') {
      onRequeuedFor?.(from, value as readonly RequeuedDelivery[]);
      // The asker does so too, if it hears of this in time.
      local.wake(webhookId);
    }
    return { isMine: true, value };
  });
  asking.answer(toAll, async (webhookId) => {
    await configuration.settled();
    await local.heard(webhookId ?? undefined);
    return null;
  });

  function forward<K extends keyof OwnerCommands>(
    command: K,
    webhookId: string,
    ...args: ArgumentsOf<OwnerCommands[K]>
  ): Promise<AnswerOf<OwnerCommands[K]>> {
    type Answer = AnswerOf<OwnerCommands[K]>;
    const { again, withinMs } = ways[command];
    const carryOut = here[command] as (...of: readonly unknown[]) => Promise<Answer>;
    return atOwner.do<Answer>(webhookId, {
      canBeAskedAgain: again,
      here: () => carryOut(...args),
      there: async (owner) => {
        const answer = await asking.ask(owner, toOwner, { command, webhookId, args }, { withinMs });
        return answer as OwnersAnswer<Answer>;
      },
    });
  }

  return {
    ...local,
    replay: (delivery) => forward('replay', delivery.webhookId, delivery),
    wake(webhookId) {
      // Who takes a webhook over asks the store what waits.
      forward('wake', webhookId, webhookId).catch(() => {});
    },
    gone: (webhookId) => forward('gone', webhookId, webhookId),
    requeueMany: (request) => forward('requeueMany', request.webhookId, request),
    skipWaiting: (webhookId, ...how) => forward('skipWaiting', webhookId, webhookId, ...how),
    drop: (webhookId, ...what) => forward('drop', webhookId, webhookId, ...what),
    expire: (webhookId, deliveryIds) => forward('expire', webhookId, webhookId, deliveryIds),
    /**
     * All are asked, since an event may come in anywhere. News of the configuration come before this question, as they were
     * committed before; one that does not answer soon hears of them all the same.
     */
    async heard(webhookId) {
      const others = asking.askOthers(toAll, webhookId ?? null, { withinMs: allWithinMs });
      await Promise.allSettled([local.heard(webhookId), others]);
    },
    close() {
      atOwner.close();
      return local.close();
    },
  };
}
