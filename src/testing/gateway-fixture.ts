import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { loadConfig } from '../config/config.ts';
import { createGateway, type Gateway, type GatewayOverrides } from '../gateway.ts';
import { eventually } from './eventually.ts';
import { type ApiAnswer, createTestClient, type TestClient } from './gateway-api.ts';
import type { ManualClock } from './manual-clock.ts';
import { quickPasswords } from './quick-passwords.ts';
import { removeTestStore, testStoreOf } from './test-store.ts';

export interface GatewayOptions extends Omit<GatewayOverrides, 'clock'> {
  /** Further `HOOKWIRE_*` variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: loopback, where the tests' receivers are; `''`: none. */
  readonly allowNetworks?: string;
  /** A clock that the test moves; the machine's own unless told. */
  readonly clock?: ManualClock;
}

/** One event's part of the answer to `POST /v1/events`. */
export interface EventResult {
  readonly id: string | null;
  readonly result: 'accepted' | 'duplicate' | 'rejected';
  readonly deliveries: number;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface EventsAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly events: readonly EventResult[];
}

/** A delivery as `GET /v1/deliveries/:id` shows it, as far as tests look at it. */
export interface ShownDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly state: string;
  readonly stateReason: string | null;
  readonly attemptCount: number;
  readonly statusCode: number | null;
  readonly errorClass: string | null;
  readonly acceptedAt: string;
  readonly nextAttemptAt: string | null;
  readonly finishedAt: string | null;
  readonly attempts: readonly {
    readonly number: number;
    readonly webhookVersion: number;
    readonly manual: boolean;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly statusCode: number | null;
    readonly errorClass: string | null;
    readonly errorDetail: string | null;
    readonly responseBody: string | null;
  }[];
}

export interface ShownWebhook {
  readonly id: string;
  readonly status: string;
  readonly disabledReason: string | null;
  readonly version: number;
}

/** Fields of a webhook's body. */
export interface WebhookParts {
  readonly url: string;
  readonly [field: string]: unknown;
}

/** A whole gateway on a free port and a data directory of its own, driven over HTTP. */
export interface GatewayFixture extends AsyncDisposable, Pick<TestClient, 'api'> {
  readonly gateway: Gateway;
  readonly dataDir: string;
  /** A new account's id. */
  createAccount(): Promise<string>;
  /** A new key of the account, with all scopes but `admin` unless told. */
  createKey(accountId: string, scopes?: readonly string[]): Promise<string>;
  /** Registers a Waba Number. */
  createSender(accountId: string, productUniqueId: string): Promise<void>;
  /** Saves a webhook: an SMS DLR by JSON, changed as told. */
  createWebhook(accountId: string, changes: WebhookParts): Promise<ShownWebhook>;
  secretOf(webhookId: string): Promise<string>;
  /** Hands in events and expects 202. */
  accept(events: object | readonly object[]): Promise<EventsAnswer>;
  delivery(id: string): Promise<ShownDelivery>;
  /** The only delivery of an event. */
  deliveryOf(eventId: string | null | undefined): Promise<ShownDelivery>;
  /** Resolves when no request is under way and every answer is on disk. */
  idle(): Promise<void>;
  /** Closes the gateway and starts it again on the same data. */
  restart(changes?: GatewayOptions): Promise<void>;
}

export const operatorKey = 'op_0123456789abcdef';

export async function openGateway(options: GatewayOptions = {}): Promise<GatewayFixture> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hookwire-test-'));
  let current = options;
  let { gateway, shutdownTimeoutMs } = await start(options, dataDir);
  const { api, close: closeClient } = createTestClient(() => gateway.url, operatorKey);

  /** An answer's body; anything but the expected status fails the test with what was answered. */
  async function expectStatus<T>(status: number, calling: Promise<ApiAnswer<T>>): Promise<T> {
    const answer = await calling;
    if (answer.status === status) return answer.body;
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  const fixture: GatewayFixture = {
    api,
    dataDir,
    get gateway() {
      return gateway;
    },
    createAccount: async () =>
      (await expectStatus<{ id: string }>(201, api('POST', '/v1/accounts', { name: 'Acme' }))).id,
    async createKey(accountId, scopes = accountScopes) {
      const body = { name: 'test', scopes };
      const path = `/v1/accounts/${accountId}/keys`;
      return (await expectStatus<{ key: string }>(201, api('POST', path, body))).key;
    },
    async createSender(accountId, productUniqueId) {
      await expectStatus(
        201,
        api('POST', '/v1/senders', { accountId, product: 'whatsapp', productUniqueId }),
      );
    },
    createWebhook(accountId, changes) {
      const body = { accountId, ...smsWebhook, ...changes };
      return expectStatus<ShownWebhook>(201, api('POST', '/v1/webhooks', body));
    },
    secretOf: async (webhookId) =>
      (await expectStatus<{ secret: string }>(200, api('GET', `/v1/webhooks/${webhookId}/secret`))).secret,
    accept: (events) => expectStatus<EventsAnswer>(202, api('POST', '/v1/events', events)),
    delivery: (id) => expectStatus<ShownDelivery>(200, api('GET', `/v1/deliveries/${id}`)),
    async deliveryOf(eventId) {
      const path = `/v1/events/${eventId}`;
      const { deliveries } = await expectStatus<{ deliveries: { id: string }[] }>(200, api('GET', path));
      if (deliveries.length !== 1) throw new Error(`The event has ${deliveries.length} deliveries.`);
      return fixture.delivery(deliveries[0]?.id ?? '');
    },
    async idle() {
      await eventually(
        () => gateway.dispatcher.status(),
        ({ inFlight, onTheWay }) => inFlight + onTheWay === 0,
      );
    },
    async restart(changes = {}) {
      await stop(gateway, current.clock, shutdownTimeoutMs);
      current = { ...current, ...changes };
      ({ gateway, shutdownTimeoutMs } = await start(current, dataDir));
    },
    async [Symbol.asyncDispose]() {
      await closeClient();
      await stop(gateway, current.clock, shutdownTimeoutMs);
      await removeTestStore(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return fixture;
}

const accountScopes = [
  'events:write',
  'webhooks:write',
  'webhooks:read',
  'deliveries:read',
  'deliveries:replay',
];

const smsWebhook = {
  product: 'sms',
  reportType: 'dlr',
  method: 'JSON',
  parameterNames: {
    transactionId: 'txn_id',
    messageId: 'msg_id',
    errorCode: 'error_code',
    mobileNumber: 'mobile',
    receivedTime: 'received_time',
    deliveredTime: 'delivered_time',
  },
};

interface Started {
  readonly gateway: Gateway;
  readonly shutdownTimeoutMs: number;
}

async function start(options: GatewayOptions, dataDir: string): Promise<Started> {
  const { env = {}, allowNetworks = '127.0.0.0/8', ...overrides } = options;
  const config = loadConfig({
    HOOKWIRE_PORT: '0',
    HOOKWIRE_DATA_DIR: dataDir,
    HOOKWIRE_OPERATOR_KEY: operatorKey,
    HOOKWIRE_ALLOW_NETWORKS: allowNetworks,
    HOOKWIRE_LOG_LEVEL: 'silent',
    ...(await testStoreOf(dataDir)),
    ...env,
  });
  const gateway = await createGateway(config, { passwords: quickPasswords, ...overrides });
  return { gateway, shutdownTimeoutMs: config.delivery.shutdownTimeoutMs };
}

/**
 * Where requests are under way, a manual clock is moved on until they are given up, and little further: a gateway whose clock
 * is moved 5 s past its shutdown timeout leaves behind what waits for the disk, which then writes while its directory goes.
 */
async function stop(
  gateway: Gateway,
  clock: ManualClock | undefined,
  shutdownTimeoutMs: number,
): Promise<void> {
  const state = { closed: false };
  const until = clock ? clock.elapsed() + shutdownTimeoutMs + 2_000 : 0;
  const closing = gateway.close().finally(() => {
    state.closed = true;
  });
  while (clock && !state.closed) {
    if (gateway.dispatcher.status().inFlight > 0 && clock.elapsed() < until) clock.advance(1_000);
    await setImmediate();
  }
  await closing;
}
