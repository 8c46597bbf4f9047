import { expect } from 'vitest';
import type { ReceivedRequest, Script } from '../../src/receiver/receiver.ts';
import { type GatewayFixture, openGateway, type ShownWebhook } from '../../src/testing/gateway-fixture.ts';
import { createManualClock, type ManualClock } from '../../src/testing/manual-clock.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** A gateway whose time a test moves. */
export interface Stage extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly gateway: GatewayFixture;
  /** @param webhook changes to an SMS DLR webhook by JSON */
  openEndpoint(script?: Script, webhook?: object): Promise<Endpoint>;
  /** Sends one report to an endpoint of its own and back: whatever was due before it has been sent. */
  sendElsewhere(): Promise<void>;
  /** Asks for a replay; gives the answer's status. */
  replay(deliveryId: string): Promise<number>;
}

/** An account with one webhook at a receiver of its own, whose arrivals are timed by the gateway's clock. */
export interface Endpoint extends AsyncDisposable {
  readonly accountId: string;
  readonly receiver: Receiver;
  readonly webhookId: string;
  /** Hands in reports of these messages; gives the ids of their deliveries. */
  post(...messageIds: string[]): Promise<string[]>;
  webhook(): Promise<ShownWebhook>;
  /** Calls `POST /v1/webhooks/:id/…`. */
  call(action: 'enable' | 'disable'): Promise<void>;
  /** The next arrival, once its answer is on disk. */
  next(): Promise<ReceivedRequest>;
}

export async function openStage(): Promise<Stage> {
  // From now on, because verifiers of signatures look at their own clock.
  const clock = createManualClock(Date.now());
  // No jitter: 0.5 is the middle of ±20 %.
  const env = {
    HOOKWIRE_COURIERS: '2',
    // While time stands still, nobody is given new calls.
    HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off',
  };
  const gateway = await openGateway({ clock, random: () => 0.5, env });

  async function openEndpoint(script: Script = [200], webhook: object = {}): Promise<Endpoint> {
    const receiver = await createReceiver({ script, clock });
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: receiver.url, ...webhook });
    return {
      accountId,
      receiver,
      webhookId: id,
      async post(...messageIds) {
        const { events } = await gateway.accept(messageIds.map((messageId) => report(accountId, messageId)));
        return await Promise.all(events.map(async (event) => (await gateway.deliveryOf(event.id)).id));
      },
      webhook: async () => (await gateway.api<ShownWebhook>('GET', `/v1/webhooks/${id}`)).body,
      async call(action) {
        expect((await gateway.api('POST', `/v1/webhooks/${id}/${action}`)).status).toBe(200);
      },
      async next() {
        const request = await receiver.next();
        await gateway.idle();
        return request;
      },
      async [Symbol.asyncDispose]() {
        await gateway.api('DELETE', `/v1/accounts/${accountId}`);
        await receiver.close();
      },
    };
  }

  return {
    clock,
    gateway,
    openEndpoint,
    async sendElsewhere() {
      await using elsewhere = await openEndpoint();
      await elsewhere.post('elsewhere');
      await elsewhere.receiver.next();
    },
    replay: async (deliveryId) => (await gateway.api('POST', `/v1/deliveries/${deliveryId}/replay`)).status,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

export function report(accountId: string, messageId: string): object {
  return { accountId, product: 'sms', reportType: 'dlr', messageId, transactionId: 't', status: 'delivered' };
}

/** The message that a request is about. */
export function messageOf(request: ReceivedRequest): string {
  return (JSON.parse(request.body.toString()) as { msg_id: string }).msg_id;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
