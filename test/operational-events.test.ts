import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/config.ts';
import { openDirectory } from '../src/data-directory.ts';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { eventually } from '../src/testing/eventually.ts';
import type { ShownWebhook } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';
import { type Endpoint, hour, iso, minute, openStage, type Stage, second } from './delivery/stage.ts';

const day = 24 * hour;
/** So many failures open the breaker: the endpoint is then said to fail. */
const untilFailing = 10;

interface OperationalEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly [name: string]: unknown };
}

interface Listener extends AsyncDisposable {
  readonly receiver: Receiver;
  readonly webhook: ShownWebhook;
  /** The next event, once its answer is on disk: time may then move on without a second attempt. */
  next(): Promise<OperationalEvent>;
  /** The types of all that came so far. */
  types(): string[];
}

function read({ body }: ReceivedRequest): OperationalEvent {
  return JSON.parse(body.toString());
}

/** A webhook of the account, or of the operator, that gets operational events. */
async function listen({ gateway, clock }: Stage, accountId: string, changes: object = {}): Promise<Listener> {
  const receiver = await createReceiver({ clock });
  const webhook = await gateway.createWebhook(accountId, {
    product: 'hookwire',
    reportType: 'operations',
    parameterNames: {},
    url: receiver.url,
    ...changes,
  });
  return {
    receiver,
    webhook,
    async next() {
      const event = read(await receiver.next());
      await gateway.idle();
      return event;
    },
    types: () => receiver.requests.map((request) => read(request).type),
    [Symbol.asyncDispose]: () => receiver.close(),
  };
}

/** Hands in so many reports that the endpoint, which fails, is said to fail. */
async function fail(endpoint: Endpoint, count = untilFailing): Promise<string[]> {
  const ids = await endpoint.post(...Array.from({ length: count }, (_, i) => `m${i}`));
  await endpoint.receiver.take(untilFailing);
  return ids;
}

type Shown = ShownWebhook & { readonly failingSince: string | null };

function shown(endpoint: Endpoint, until: (webhook: Shown) => boolean): Promise<Shown> {
  return eventually(async () => (await endpoint.webhook()) as Shown, until);
}

/** Moves the time on, while no request is under way, until the webhook is disabled. */
function disabled(stage: Stage, endpoint: Endpoint): Promise<Shown> {
  return shown(endpoint, ({ status }) => {
    const { inFlight } = stage.gateway.gateway.dispatcher.status();
    if (status === 'enabled' && inFlight === 0) stage.clock.advance(minute);
    return status === 'disabled';
  });
}

describe('the owner of a webhook', () => {
  it('is told that it fails, and that it is well again', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([...Array(untilFailing).fill(500), 200]);
    await using listener = await listen(stage, endpoint.accountId, {
      customParameters: [{ name: 'team', value: 'orders' }],
    });
    const since = iso(stage.clock.now());
    await fail(endpoint);

    const request = await listener.receiver.next();
    const secret = await stage.gateway.secretOf(listener.webhook.id);
    const signed = new Webhook(secret).verify(request.body, request.headers as { [name: string]: string });
    const about = {
      accountId: endpoint.accountId,
      webhookId: endpoint.webhookId,
      url: endpoint.receiver.url,
      product: 'sms',
      reportType: 'dlr',
      since,
    };
    expect(signed).toEqual({ type: 'webhook.failing', timestamp: since, data: about, team: 'orders' });
    expect(await shown(endpoint, ({ failingSince }) => failingSince !== null)).toMatchObject({
      status: 'enabled',
      failingSince: since,
    });

    stage.clock.advance(5 * second);
    expect(await listener.next()).toEqual({
      type: 'webhook.recovered',
      timestamp: iso(stage.clock.now()),
      data: about,
      team: 'orders',
    });
    await shown(endpoint, ({ failingSince }) => failingSince === null);
  });

  it('is told of a webhook that is disabled because its endpoint is gone', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([410]);
    await using listener = await listen(stage, endpoint.accountId);
    await endpoint.post('m');
    expect(await listener.next()).toMatchObject({
      type: 'webhook.disabled',
      data: { webhookId: endpoint.webhookId, reason: 'gone', since: null },
    });
    expect(await shown(endpoint, ({ status }) => status === 'disabled')).toMatchObject({
      disabledReason: 'gone',
    });
  });

  it('is told of a webhook that was disabled just before the gateway died, once', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint();
    await using listener = await listen(stage, endpoint.accountId);
    const at = stage.clock.now();
    const { directory, close } = await openDirectory(
      loadConfig({ HOOKWIRE_DATA_DIR: stage.gateway.dataDir, HOOKWIRE_LOG_LEVEL: 'silent' }),
      () => {},
    );
    const webhook = await directory.getWebhook(endpoint.webhookId);
    expect(webhook && (await directory.disableWebhook(webhook, 'gone', at))).not.toBeNull();
    await stage.gateway.restart();
    expect(await listener.next()).toMatchObject({
      ...{ type: 'webhook.disabled', timestamp: iso(at) },
      data: { webhookId: endpoint.webhookId, reason: 'gone', since: null },
    });
    await eventually(
      () => directory.untoldDisablings(),
      (untold) => untold.length === 0,
    );
    await close();
    await stage.gateway.restart();
    const { body } = await stage.gateway.api<{ data: object[] }>('GET', '/v1/deliveries?product=hookwire');
    expect(body.data).toHaveLength(1);
  });

  it('is told of a delivery that is given up, with all that finds it again', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([503], { settings: { retry: { maxAttempts: 1 } } });
    await using listener = await listen(stage, endpoint.accountId);
    const at = iso(stage.clock.now());
    const [deliveryId = ''] = await endpoint.post('m');
    const told = await listener.next();
    const { eventId } = await stage.gateway.delivery(deliveryId);
    expect(told).toEqual({
      type: 'delivery.failed',
      timestamp: at,
      data: {
        accountId: endpoint.accountId,
        webhookId: endpoint.webhookId,
        url: endpoint.receiver.url,
        product: 'sms',
        reportType: 'dlr',
        deliveryId,
        eventId,
        messageId: 'm',
        transactionId: 't',
        reason: 'attempts_exhausted',
        attempts: 1,
        statusCode: 503,
        errorClass: 'status',
        acceptedAt: at,
      },
    });

    // Sent again by hand it fails again, which is another event.
    expect(await stage.replay(deliveryId)).toBe(202);
    expect(await listener.next()).toMatchObject({
      type: 'delivery.failed',
      data: { deliveryId, attempts: 2 },
    });
  });

  it('is told of a delivery that became too old while it waited', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([200], { settings: { retry: { giveUpAfterMs: hour } } });
    await using listener = await listen(stage, endpoint.accountId);
    await endpoint.call('disable');
    const [deliveryId] = await endpoint.post('m');
    stage.clock.advance(2 * hour);
    await endpoint.call('enable');
    const told = await listener.next();
    expect(told).toMatchObject({
      type: 'delivery.failed',
      timestamp: iso(stage.clock.now()),
      data: { deliveryId, reason: 'gave_up_after', attempts: 0 },
    });
    expect(told.data).not.toHaveProperty('statusCode');
  });

  it('finds these events in the history, like all others', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([410]);
    await using listener = await listen(stage, endpoint.accountId);
    await endpoint.post('m');
    await listener.next();
    await stage.gateway.idle();
    const list = await stage.gateway.api<{ data: object[] }>(
      'GET',
      `/v1/deliveries?product=hookwire&messageId=${endpoint.webhookId}`,
    );
    expect(list.body.data).toMatchObject([
      {
        accountId: endpoint.accountId,
        webhookId: listener.webhook.id,
        reportType: 'operations',
        status: 'webhook.disabled',
        state: 'delivered',
      },
    ]);
  });

  it('chooses types with settings.statuses, and gets lists with settings.batch', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([...Array(untilFailing).fill(500), 410]);
    await using listener = await listen(stage, endpoint.accountId, {
      settings: { statuses: ['webhook.disabled'], batch: { maxItems: 10, maxWaitMs: 0 } },
    });
    await fail(endpoint);
    await shown(endpoint, ({ failingSince }) => failingSince !== null);
    stage.clock.advance(5 * second);
    expect(JSON.parse((await listener.receiver.next()).body.toString())).toMatchObject([
      { type: 'webhook.disabled', data: { reason: 'gone', since: expect.any(String) } },
    ]);
    expect(listener.receiver.requests).toHaveLength(1);
  });
});

describe('a webhook whose endpoint fails for five days', () => {
  it('is disabled; its deliveries wait, and go on when it is enabled', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([500]);
    await using listener = await listen(stage, endpoint.accountId);
    const since = stage.clock.now();
    const ids = await fail(endpoint);
    expect(await listener.next()).toMatchObject({ type: 'webhook.failing' });

    stage.clock.skip(4 * day);
    await endpoint.next();
    expect(await endpoint.webhook()).toMatchObject({ status: 'enabled', failingSince: iso(since) });
    stage.clock.skip(day);
    expect(await disabled(stage, endpoint)).toMatchObject({
      disabledReason: 'failing',
      failingSince: iso(since),
    });
    expect(await listener.next()).toMatchObject({
      type: 'webhook.disabled',
      data: { reason: 'failing', since: iso(since) },
    });
    endpoint.receiver.play([200]);
    const [later = ''] = await endpoint.post('later');
    stage.clock.skip(day);
    await stage.sendElsewhere();
    expect(await stage.gateway.delivery(later)).toMatchObject({ state: 'pending', attemptCount: 0 });

    await endpoint.call('enable');
    expect(await endpoint.webhook()).toMatchObject({
      status: 'enabled',
      disabledReason: null,
      failingSince: null,
    });
    for (const id of [...ids, later]) {
      await eventually(
        () => stage.gateway.delivery(id),
        ({ state }) => state === 'delivered',
      );
    }
    expect(listener.types()).toEqual(['webhook.failing', 'webhook.disabled']);
  });

  it('is disabled although the gateway was restarted meanwhile, and is said to fail once', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([500]);
    await using listener = await listen(stage, endpoint.accountId);
    const since = stage.clock.now();
    await fail(endpoint);
    await listener.next();
    await shown(endpoint, ({ failingSince }) => failingSince !== null);
    await stage.gateway.restart();
    expect(await endpoint.webhook()).toMatchObject({ failingSince: iso(since) });
    stage.clock.skip(5 * day);
    expect(await disabled(stage, endpoint)).toMatchObject({
      disabledReason: 'failing',
      failingSince: iso(since),
    });
    await eventually(
      () => listener.types(),
      (types) => types.length === 2,
    );
    expect(listener.types()).toEqual(['webhook.failing', 'webhook.disabled']);
  });

  it('is not disabled by the first failure after it was enabled again', async () => {
    await using stage = await openStage();
    await using endpoint = await stage.openEndpoint([500]);
    await fail(endpoint);
    await shown(endpoint, ({ failingSince }) => failingSince !== null);
    await endpoint.call('disable');
    stage.clock.skip(6 * day);
    await endpoint.call('enable');
    await endpoint.receiver.next();
    await stage.gateway.idle();
    expect(await endpoint.webhook()).toMatchObject({ status: 'enabled' });
  });
});

describe('the operator', () => {
  it('hears of every account, an account of itself alone', async () => {
    await using stage = await openStage();
    const settings = { retry: { maxAttempts: 1 } };
    await using one = await stage.openEndpoint([500], { settings });
    await using other = await stage.openEndpoint([500], { settings });
    await using operator = await listen(stage, 'operator');
    await using ofOne = await listen(stage, one.accountId);
    await other.post('theirs');
    expect(await operator.next()).toMatchObject({
      type: 'delivery.failed',
      data: { accountId: other.accountId, messageId: 'theirs' },
    });
    await one.post('ours');
    expect(await operator.next()).toMatchObject({ data: { accountId: one.accountId, messageId: 'ours' } });
    expect(await ofOne.next()).toMatchObject({ data: { accountId: one.accountId, messageId: 'ours' } });
    expect(ofOne.receiver.requests).toHaveLength(1);
    expect(operator.receiver.requests).toHaveLength(2);
  });

  it('has an account that customers neither see nor take, and that stays', async () => {
    await using stage = await openStage();
    await using operator = await listen(stage, 'operator');
    const { api } = stage.gateway;
    const key = await stage.gateway.createKey(await stage.gateway.createAccount(), ['admin']);
    expect((await api('GET', `/v1/webhooks/${operator.webhook.id}`, undefined, key)).status).toBe(404);
    expect((await api<{ data: [] }>('GET', '/v1/webhooks', undefined, key)).body.data).toEqual([]);
    expect((await api('POST', '/v1/accounts', { id: 'operator', name: 'Mine' })).status).toBe(409);
    expect((await api('DELETE', '/v1/accounts/operator')).status).toBe(409);
    await stage.gateway.restart();
    expect((await api('GET', `/v1/webhooks/${operator.webhook.id}`)).status).toBe(200);
  });
});

it('Nothing is told of the webhooks that get operational events, or one that fails would feed itself', async () => {
  await using stage = await openStage();
  await using endpoint = await stage.openEndpoint([500], { settings: { retry: { maxAttempts: 1 } } });
  await using operator = await listen(stage, 'operator');
  await using failing = await listen(stage, endpoint.accountId, { settings: { retry: { maxAttempts: 1 } } });
  failing.receiver.play([500, 410]);
  for (const messageId of ['a', 'b']) {
    await endpoint.post(messageId);
    await failing.next();
    await stage.gateway.idle();
  }
  await eventually(
    async () => (await stage.gateway.api<Shown>('GET', `/v1/webhooks/${failing.webhook.id}`)).body,
    ({ status }) => status === 'disabled',
  );
  await endpoint.post('c');
  expect([await operator.next(), await operator.next(), await operator.next()]).toMatchObject(
    ['a', 'b', 'c'].map((messageId) => ({ type: 'delivery.failed', data: { messageId } })),
  );
});

it('Operational events cannot be handed in', async () => {
  await using stage = await openStage();
  const event = { product: 'hookwire', reportType: 'operations', messageId: 'm', accountId: 'operator' };
  const answer = await stage.gateway.api<{ errors: object[] }>('POST', '/v1/events', event);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([
    { path: 'product', message: expect.stringContaining('sent by the gateway itself') },
  ]);
});
