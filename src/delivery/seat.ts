import type { Clock } from '../core/clock.ts';
import type { DeliveryObserver, OpenBreaker } from '../core/delivery-observer.ts';
import type { RegisteredWebhook } from '../routing/registry.ts';
import { type EndpointHolder, holdEndpoint } from './endpoints.ts';
import { type Alarm, createAlarm } from './lanes/alarm.ts';
import { createHealth } from './lanes/health.ts';
import { Lane } from './lanes/lane.ts';
import type { LaneMemory } from './lanes/memory.ts';
import type { Sender } from './send/sender.ts';

/** A webhook's place in the dispatcher: its lane, its endpoint, and the alarm that wakes the lane. */
export interface Seat {
  readonly lane: Lane;
  readonly holder: EndpointHolder;
  readonly alarm: Alarm;
  readonly accountId: string;
  readonly host: string;
  /** Its deliveries that are sent or being sent, and not yet recorded. */
  inFlight: number;
  /** Rises with every change: what is answered to a request of before says nothing of the endpoint as it is now. */
  epoch: number;
  /** Takes over a changed configuration; what the endpoint did before a change does not count against it. */
  apply(registered: RegisteredWebhook): void;
}

export interface SeatContext {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: () => number;
  readonly deadAfterMs: number;
  readonly memory: LaneMemory;
  readonly tell: Pick<Required<DeliveryObserver>, 'breakerChanged'>;
  /** Breakers that were open before a restart; a seat that is taken takes its own. */
  readonly known: Map<string, OpenBreaker>;
}

export function takeSeat(
  registered: RegisteredWebhook,
  wake: (seat: Seat) => void,
  context: SeatContext,
): Seat {
  const { sender, clock, random, deadAfterMs, memory, tell, known } = context;
  const { webhook } = registered;
  const health = createHealth({
    ...{ random, deadAfterMs, knownFailingSince: webhook.failingSince, known: known.get(webhook.id) ?? null },
    onChange: (open) => tell.breakerChanged(webhook.id, open && { webhookId: webhook.id, ...open }),
  });
  known.delete(webhook.id);
  const lane = new Lane(webhook.id, webhook.settings, health, memory);
  lane.enabled = webhook.status === 'enabled';
  const holder = holdEndpoint(sender, registered);
  const seat: Seat = {
    lane,
    holder,
    alarm: createAlarm(clock, () => wake(seat)),
    accountId: webhook.accountId,
    get host() {
      return holder.endpoint.host;
    },
    inFlight: 0,
    epoch: 0,
    apply(next) {
      const enabled = next.webhook.status === 'enabled';
      const isChanged = next.webhook.version !== holder.endpoint.version;
      if (isChanged || enabled !== lane.enabled) seat.epoch++;
      if (enabled && (!lane.enabled || isChanged)) {
        lane.health.reset();
        lane.rest.end();
        lane.pace.reset();
        lane.lists.reset();
      }
      lane.enabled = enabled;
      lane.configure(next.webhook.settings);
      holder.update(next);
    },
  };
  return seat;
}
