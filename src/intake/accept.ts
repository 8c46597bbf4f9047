import { HookwireError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Admission } from './admission.ts';
import { admitByAccount, type IntakeResult } from './admit-by-account.ts';

/** An event as a source read and checked it. */
export interface IncomingEvent {
  /** `id` is not read: it is `ownId`, or made by the store. */
  readonly event: Event;
  /** The caller's own id; `null` where it gave none. */
  readonly ownId: string | null;
}

/** Where every source hands in its events. */
export interface Intake {
  /**
   * Takes events; resolves when they are on disk with their deliveries, in the order given. Those of an account that is at
   * a limit are refused, all of the call, without holding up those of others.
   * @throws HookwireError `overloaded` or `stopping`, with nothing of the call accepted
   */
  accept(events: readonly IncomingEvent[]): Promise<readonly IntakeResult[]>;
  /** From now on every call is refused with `stopping`. */
  stop(): void;
}

export interface IntakeOptions {
  readonly log: Pick<DeliveryLog, 'append' | 'queued'>;
  readonly registry: Pick<WebhookRegistry, 'match' | 'ordered'>;
  /** Events that may wait for a commit; beyond it callers are told to come back. */
  readonly maxQueued: number;
  readonly admission: Pick<Admission, 'admit'>;
}

/** Characters of events that may wait for a commit: inbound messages may have 256 Ki each. */
const mostCharactersQueued = 64 * 2 ** 20;

/** About how many characters an event has as JSON; without what may be large there are some 500. */
function sizeOf({ attributes, message }: Event): number {
  return 500 + (attributes || message ? JSON.stringify([attributes, message]).length : 0);
}

export function createIntake({ log, registry, maxQueued, admission }: IntakeOptions): Intake {
  let stopping = false;
  let charactersQueued = 0;

  return {
    async accept(events) {
      if (stopping) {
        throw new HookwireError('stopping', 'The gateway is stopping; send it again in a moment.', {
          retryAfterSeconds: 5,
        });
      }
      // A call on an empty queue always fits, however large it is.
      if (log.queued > 0 && log.queued + events.length > maxQueued) {
        throw new HookwireError(
          'overloaded',
          `${log.queued} events wait to be written and the limit is ${maxQueued}. Nothing of this call was accepted; send it again.`,
          { retryAfterSeconds: 1 },
        );
      }
      const characters = events.reduce((sum, { event }) => sum + sizeOf(event), 0);
      if (charactersQueued > 0 && charactersQueued + characters > mostCharactersQueued) {
        throw new HookwireError(
          'overloaded',
          'Events of 64 MiB wait to be written, and no more may. Nothing of this call was accepted; send it again.',
          { retryAfterSeconds: 1 },
        );
      }
      const routed = events.map(({ event, ownId }) => {
        const webhookIds = registry.match(event);
        return { event, ownId, webhookIds, orderedWebhookIds: registry.ordered(webhookIds) };
      });
      const { admitted, settle, resultsOf } = admitByAccount(admission, routed);
      if (admitted.length === 0) return resultsOf([]);
      charactersQueued += characters;
      try {
        const results = await log.append(admitted);
        settle(results);
        return resultsOf(results);
      } catch (error) {
        settle(null);
        throw new HookwireError(
          'overloaded',
          'The store could not write, so the call may not have been accepted. Send it again: what was stored is not taken twice.',
          {
            retryAfterSeconds: 5,
            cause: error,
          },
        );
      } finally {
        charactersQueued -= characters;
      }
    },
    stop() {
      stopping = true;
    },
  };
}
