import type { InjectOptions } from 'fastify';
import type { TSchema } from 'typebox';
import { createAuditLog } from '../../audit/audit-log.ts';
import { declaredLimits } from '../../core/account-limits.ts';
import { createKey, hashKey, sameHash } from '../../core/api-key.ts';
import type { Clock } from '../../core/clock.ts';
import { randomId } from '../../core/ids.ts';
import { declaredKeep } from '../../core/keeping.ts';
import { createPlaces } from '../../core/places.ts';
import type { Scope } from '../../core/scopes.ts';
import type { Webhook } from '../../core/webhook.ts';
import type { TrialRequest } from '../../delivery/trial.ts';
import { createOverview } from '../../history/gateway-overview.ts';
import { knowAccounts } from '../../routing/known-accounts.ts';
import { knowSenders } from '../../routing/known-senders.ts';
import type { ReceiveAnswer } from '../../sources/http-api/receive-events.ts';
import type { DeliveryDetail, DeliveryFilter, EventFilter, FoundEvent } from '../../stores/ports/history.ts';
import type { PageRequest } from '../../stores/ports/page.ts';
import type { StatsRange, StatsRow } from '../../stores/ports/stats.ts';
import { openMemoryStore } from '../../stores/sqlite/testing/memory-store.ts';
import type { LearntPace } from '../../watching/learnt-paces.ts';
import { createLiveHub } from '../../watching/live.ts';
import { summarise } from '../../watching/stats/summarise.ts';
import { totalsOf } from '../../watching/stats/totals.ts';
import { type Problem, problemType } from '../answers/problem.ts';
import { buildApp, type HttpOptions } from '../app.ts';
import type { App } from '../app-types.ts';
import { createCheck } from '../requests/check.ts';
import type { Services } from '../services.ts';
import { createFakeErasures } from './fake-erasures.ts';
import { createFakeTasks } from './fake-tasks.ts';
import { createNobody } from './nobody.ts';
import { createTestPortalLinks } from './test-portal-links.ts';

export interface CallAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, never> & { errors: { path: string; message: string }[]; data: never[] };
  readonly text: string;
}

export interface CallOptions {
  /** The operator's, unless told; `null` sends none. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

export const operatorKey = 'operator-key-of-the-tests';

/** The HTTP API on the real store of what people make, in memory, and on services that are played. Every answer is checked against the schema of its route, and the code of every error against its documents. */
export async function createHttpFixture(clock: Clock, options: HttpOptions = {}) {
  const store = openMemoryStore(clock);
  const accounts = await knowAccounts(store.directory);
  const senders = await knowSenders(accounts.directory);
  const told: string[] = [];
  const deliveries = new Map<string, DeliveryDetail>();
  const listed: { filter: DeliveryFilter; page: PageRequest }[] = [];
  const accepted: { items: readonly unknown[]; accountId: string | null }[] = [];
  const logged: { details: object; message: string }[] = [];
  const tried: unknown[] = [];
  const figures: StatsRow[] = [];
  const learntPaces = new Map<string, LearntPace>();
  const charted: StatsRange[] = [];
  const live = createLiveHub({ most: 3, mostOfAccount: () => 2 });
  const tasks = createFakeTasks(clock);
  const found: FoundEvent[] = [];
  const searched: { filter: EventFilter; page: PageRequest }[] = [];
  const registered = new Map<string, Webhook>();
  let secretsMade = 0;
  const request: TrialRequest = {
    method: 'POST',
    url: 'https://example.com/dlr',
    headers: [
      ['content-type', 'application/json'],
      ['X-Api-Key', 's3cret-value'],
    ],
    body: '{}',
  };

  const services: Services & { answerEvents: (items: readonly unknown[]) => ReceiveAnswer } = {
    otherProcesses: null,
    clock,
    version: '1.2.3',
    log: { error: (details, message) => void logged.push({ details, message }) },
    directory: senders.directory,
    senders,
    limits: {
      ofAll: declaredLimits,
      of: accounts.limitsOf,
      usage: async (accountId) => ({
        ...{ eventsPerSecond: null, deliveriesWaiting: 0, liveStreams: 0, tests: 0, lists: 0 },
        ...(await accounts.directory.countOwned(accountId)),
      }),
    },
    keep: { ofAll: declaredKeep, auditDays: 400, of: accounts.keepOf },
    testPlaces: createPlaces(7),
    history: {
      async listDeliveries(filter, page) {
        listed.push({ filter, page });
        return { data: [...deliveries.values()], nextCursor: 'next' };
      },
      getDelivery: async (id) => deliveries.get(id) ?? null,
      findEvents: async (filter, page) => {
        searched.push({ filter, page });
        return { data: [...found], nextCursor: null };
      },
      async getEvent(id) {
        const found = [...deliveries.values()].find(({ event }) => event.id === id);
        return found ? { event: found.event, acceptedAt: found.acceptedAt, deliveries: [found] } : null;
      },
    },
    learntPaces: { of: ({ id }) => learntPaces.get(id) ?? null },
    stats: {
      async ofWebhook(webhookId, range) {
        charted.push(range);
        return summarise(
          range,
          figures.filter((row) => row.webhookId === webhookId),
        );
      },
      async ofAccount(accountId, range) {
        charted.push(range);
        const webhooks = await services.directory.listWebhooks({ accountId }, { limit: 500, cursor: null });
        const own = new Set(webhooks.data.map(({ id }) => id));
        return totalsOf(
          range,
          [],
          figures.filter((row) => own.has(row.webhookId)),
        );
      },
    },
    audit: createAuditLog({
      store: store.audit,
      clock,
      log: { error: (details, message) => void logged.push({ details, message }) },
    }),
    live,
    tasks,
    erasures: createFakeErasures(clock),
    operator: { isOperatorKey: (hash) => sameHash(hash, hashKey(operatorKey)) },
    people: createNobody(),
    portalLinks: createTestPortalLinks(store.portalLinks, clock),
    answerEvents: (items) => ({
      accepted: items.length,
      duplicates: 0,
      rejected: 0,
      events: items.map((_, index) => ({ id: `evt_${index}`, result: 'accepted', deliveries: 1 })),
    }),
    events: {
      async receive(items, { accountId }) {
        accepted.push({ items, accountId });
        return services.answerEvents(items);
      },
      refusal: () => null,
    },
    webhooks: {
      ofAccount: (accountId) => [...registered.values()].filter((webhook) => webhook.accountId === accountId),
      async created(webhook, secrets) {
        registered.set(webhook.id, webhook);
        told.push(`created ${webhook.id} ${secrets.length}`);
      },
      async changed(webhook, secrets) {
        registered.set(webhook.id, webhook);
        told.push(`changed ${webhook.id} v${webhook.version} ${webhook.status} ${secrets.length}`);
      },
      async deleted(id) {
        registered.delete(id);
        told.push(`deleted ${id}`);
      },
      accountDeleted: async (id) => void told.push(`account deleted ${id}`),
    },
    trial: {
      preview(config, event, secrets) {
        tried.push({ config, event, secrets });
        return request;
      },
      async send(config, event, secrets) {
        tried.push({ config, event, secrets });
        return {
          request,
          response: { statusCode: 200, headers: [['server', 'x']], body: 'ok', truncated: false },
          error: null,
          durationMs: 12.5,
        };
      },
    },
    delivery: {
      replay: async ({ id, webhookId }) => void told.push(`replay ${id} of ${webhookId}`),
      skipDeleted: async (id) => void told.push(`skip ${id}`),
      gone: async (id) => void told.push(`gone ${id}`),
    },
    urlGuard: {
      checkUrl: (url) => (url.includes('169.254.') ? 'calls 169.254.169.254, which is link-local.' : null),
    },
    createSecret: () => `whsec_${++secretsMade}`,
    overview: createOverview({
      clock,
      registry: { get: () => undefined, all: () => [] },
      failingSince: () => null,
      dispatcher: () => ({
        inFlight: 1,
        mostInFlight: 9,
        lanes: 2,
        inMemory: 3,
        openBreakers: 4,
        disabledLanes: 5,
      }),
      queuedEvents: () => 6,
      processes: async () => ({
        led: null,
        processes: [
          {
            ...{
              id: 'a',
              name: 'a.example.com:7',
              version: '1.2.3',
              couriers: 2,
              node: 0,
              startedAt: clock.now(),
            },
            ...{ isLeaving: true, shards: 100, leads: true, isThis: true },
            standing: { delivery: { inFlight: 1, inMemory: 3 }, queuedEvents: 6 },
          },
          {
            ...{
              id: 'b',
              name: 'b.example.com:7',
              version: '1.2.4',
              couriers: 2,
              node: 1,
              startedAt: clock.now(),
            },
            ...{ isLeaving: false, shards: 156, leads: false, isThis: false, standing: null },
          },
        ],
      }),
      egress: () => ({ proxy: null, authorities: null }),
      clockDoubt: () => null,
      retention: () => ({
        payload: { doneUpTo: 0, behindMs: 5, left: 1 },
        log: { doneUpTo: null, behindMs: 0, left: 0 },
        cut: 7,
        dropped: 8,
      }),
      sealing: () => ({ masterKeyId: '0123456789abcdef', otherKeyIds: ['fedcba9876543210'], left: 3 }),
      shortage: () => ({ of: 'files', since: clock.now(), lastAt: clock.now() }),
      store: {
        figures: async () => ({ waiting: 7, oldestPendingAt: clock.now(), bytes: { database: 8 } }),
        queues: async () => [],
        waitingByAccount: async () => new Map(),
      },
    }),
    readiness: () => ({ ready: true, detail: 'ready' }),
    metrics: async () => 'hookwire_up 1\n',
  };

  const app = await buildApp(services, options);
  checkAnswers(app);

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD',
    url: string,
    body?: unknown,
    { key = operatorKey, headers = {} }: CallOptions = {},
  ): Promise<CallAnswer> {
    const injected: InjectOptions = {
      method,
      url,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object | string }),
    };
    const answer = await app.inject(injected);
    const isJson = String(answer.headers['content-type']).includes('json') && answer.payload !== '';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson ? JSON.parse(answer.payload) : {},
      text: answer.payload,
    };
  }

  async function createAccount(id: string): Promise<void> {
    await services.directory.createAccount({ id, name: id, createdAt: clock.now() });
  }

  /** A key of an account that exists or is made. */
  async function accountKey(accountId: string, ...scopes: Scope[]): Promise<string> {
    await createAccount(accountId);
    const { key, hash } = createKey();
    const made = { id: randomId('key'), accountId, name: 'test', scopes, createdAt: clock.now() };
    await services.directory.createKey(made, hash);
    return key;
  }

  return {
    app,
    services,
    call,
    createAccount,
    accountKey,
    told,
    deliveries,
    listed,
    /** What `services.history.findEvents` finds, and what it was asked. */
    found,
    searched,
    accepted,
    logged,
    tried,
    /** What `services.stats` knows. */
    figures,
    /** What `services.learntPaces` knows, by webhook. */
    learntPaces,
    charted,
    live,
    tasks,
  };
}

export type HttpFixture = Awaited<ReturnType<typeof createHttpFixture>>;

/** Makes an answer that is not as its route's schema says, or an error that its documents do not name, an internal error. */
function checkAnswers(app: App): void {
  app.addHook('preSerialization', async (request, reply, payload) => {
    const responses = request.routeOptions.schema?.response;
    const schema: TSchema | undefined =
      typeof responses === 'object' && responses !== null
        ? Reflect.get(responses, String(reply.statusCode))
        : undefined;
    if (schema === undefined && !request.routeOptions.schema?.hide) {
      throw new Error(`${request.url} answers ${reply.statusCode}, which its schema does not have.`);
    }
    if (schema === undefined || 'content' in schema) return payload;
    const errors = createCheck(schema).errors(JSON.parse(JSON.stringify(payload)));
    if (errors.length > 0) throw new Error(`The answer is not as its schema says: ${JSON.stringify(errors)}`);
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { schema } = request.routeOptions;
    const isProblem = String(reply.getHeader('content-type')).startsWith(problemType);
    if (!isProblem || !schema || schema.hide || typeof payload !== 'string') return payload;
    const { code } = JSON.parse(payload) as Problem;
    const documented = Reflect.get(schema.response ?? {}, String(reply.statusCode))?.description ?? '';
    if (code !== 'internal' && !documented.includes(`\`${code}\``)) {
      throw new Error(`${request.url} answers ${code}, which its documents do not name: ${payload}`);
    }
    return payload;
  });
}
