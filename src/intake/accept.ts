import { HookwireError } from '../core/errors.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog, IncomingEvent } from '../stores/ports/delivery-log.ts';
import type { Admission } from './admission.ts';
import { admitByAccount, type IntakeResult } from './admit-by-account.ts';
import { admitWithRoom, refusalForRoom } from './admit-with-room.ts';
import type { IntakeRoom } from './room.ts';

/** Where every source hands in its events. */
export interface Intake {
  /**
   * Takes events; resolves when they are on disk with their deliveries, in the order given. Those of an account that is at
   * a limit, or for which there is no room, are refused, all of the call, without holding up those of others.
   * @throws HookwireError `stopping`, with nothing of the call accepted; `overloaded` when the store could not write
   */
  accept(events: readonly IncomingEvent[]): Promise<readonly IntakeResult[]>;
  /**
   * Takes what the gateway itself has to tell: without a limit of its account, and after {@link Intake.stop} too, since
   * what is under way then may still fail for good.
   */
  acceptOwn(events: readonly IncomingEvent[]): Promise<readonly IntakeResult[]>;
  /** Why even one event of an account would be refused now, so that a call need not be read; `null`: it might be taken. */
  refusal(accountId: string): HookwireError | null;
  /** From now on every call is refused with `stopping`. */
  stop(): void;
}

export interface IntakeOptions {
  readonly deliveryLog: Pick<DeliveryLog, 'append'>;
  readonly registry: Pick<WebhookRegistry, 'route'>;
  readonly admission: Pick<Admission, 'admit' | 'admitAlways' | 'refusal'>;
  readonly room: IntakeRoom;
}

/** Characters of events that may wait for a commit: inbound messages may have 256 Ki each. */
export const mostCharactersQueued = 64 * 2 ** 20;

/** About how many characters an event has as JSON; without what may be large there are some 500. */
function sizeOf({ event: { attributes, message } }: IncomingEvent): number {
  return 500 + (attributes?.length ?? 0) + (message?.length ?? 0);
}

export function createIntake({ deliveryLog, registry, room, admission }: IntakeOptions): Intake {
  const ownAdmission = { admit: admission.admitAlways };
  let stopping = false;

  async function take(
    events: readonly IncomingEvent[],
    admitting: Pick<Admission, 'admit'>,
  ): Promise<readonly IntakeResult[]> {
    const routed = events.map((incoming) => ({
      ...{ event: incoming.event, ownId: incoming.ownId, size: sizeOf(incoming) },
      ...registry.route(incoming.event),
    }));
    const { admitted, settle, resultsOf } = admitByAccount(admitWithRoom(admitting, room, routed), routed);
    if (admitted.length === 0) return resultsOf([]);
    try {
      const results = await deliveryLog.append(admitted);
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
    }
  }

  return {
    async accept(events) {
      if (stopping) {
        throw new HookwireError('stopping', 'The gateway is stopping; send it again in a moment.', {
          retryAfterSeconds: 5,
        });
      }
      return await take(events, admission);
    },
    acceptOwn: (events) => take(events, ownAdmission),
    refusal: (accountId) => admission.refusal(accountId) ?? refusalForRoom(room, accountId),
    stop() {
      stopping = true;
    },
  };
}
