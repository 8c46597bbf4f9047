import { eventually } from '../../src/testing/eventually.ts';
import type { GatewayFixture, ShownDelivery } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { invite, openBrowser, password, setUpOperator, tokenOf } from '../people/person.ts';
import { report } from './reports.ts';

/** Endpoints of the webhooks: what is sent to `/down` is refused until all are well. */
export interface Endpoints extends AsyncDisposable {
  readonly receiver: Receiver;
  isWell: boolean;
  /** The ids of the messages that were sent to a path, in their order. */
  sentTo(path: string): readonly string[];
}

export async function openEndpoints(): Promise<Endpoints> {
  const endpoints: Endpoints = {
    isWell: false,
    receiver: await createReceiver(({ path }) => (path.startsWith('/down') && !endpoints.isWell ? 500 : 200)),
    sentTo: (wanted) =>
      endpoints.receiver.requests
        .filter(({ path }) => path.startsWith(wanted))
        .map(({ body }) => (JSON.parse(body.toString()) as { msg_id: string }).msg_id),
    [Symbol.asyncDispose]: () => endpoints.receiver.close(),
  };
  return endpoints;
}

/** What a gateway was filled with. */
export interface World {
  readonly accountId: string;
  readonly key: string;
  /** Its deliveries wait: it was disabled when its endpoint was down. */
  readonly waiting: string;
  /** The same of one that wants order. */
  readonly ordered: string;
  /** Events that were handed in, as they were, but for the one that was erased since. */
  readonly events: readonly object[];
  /** Of these, which ids the gateway said. */
  readonly eventIds: readonly (string | null)[];
  readonly email: string;
}

const onlyOnce = { retry: { maxAttempts: 1 } };
/** Of a person that is erased. */
export const erasedNumber = '919800000001';

/** Fills a gateway with a bit of everything: delivered, failed, skipped, held and waiting deliveries, tasks, people, an erasure. */
export async function fillWorld(gateway: GatewayFixture, { receiver }: Endpoints): Promise<World> {
  const accountId = await gateway.createAccount();
  const other = await gateway.createAccount();
  const key = await gateway.createKey(accountId);
  await gateway.createSender(accountId, '919999999999');
  const hook = (path: string, changes: object = {}) =>
    gateway.createWebhook(accountId, { url: `${receiver.url}${path}`, ...changes });
  const headers = [{ name: 'X-Api-Key', value: 's3cret' }];
  await hook('/ok', { customHeaders: headers });
  await hook('/down/once', { settings: onlyOnce });
  const { id: skipping } = await hook('/down/skipped');
  const { id: waiting } = await hook('/down/waiting');
  const { id: ordered } = await hook('/down/ordered', { settings: { ordered: true } });
  await gateway.createWebhook(accountId, {
    ...{ url: `${receiver.url}/operations`, product: 'hookwire', reportType: 'operations' },
    parameterNames: undefined,
  });
  await gateway.createWebhook(other, { url: `${receiver.url}/other` });
  await kept(gateway, accountId, receiver.url);

  const one = { ...report(accountId, 'one'), transactionId: 'txn-first' };
  const events = [
    one,
    { ...one, status: 'failed', errorCode: '001' },
    {
      ...report(accountId, 'two'),
      id: 'own-1',
      mobileNumber: '917777000001',
      attributes: { deep: [1, { a: null }] },
    },
    { ...report(accountId, 'three'), part: 2, mobileNumber: '+91 98123 45679' },
    { ...report(accountId, 'of a person'), mobileNumber: erasedNumber },
    report(other, 'four'),
    { ...report(other, 'for nobody'), product: 'whatsapp', productUniqueId: '917000000000' },
  ];
  const { events: answers } = await gateway.accept(events);
  await eventually(
    () => statesOf(gateway, accountId),
    (states) =>
      states.every((state) => state !== 'pending' || states.includes('retrying')) && triedAll(states),
  );
  await gateway.idle();
  for (const id of [waiting, ordered]) await done(gateway.api('POST', `/v1/webhooks/${id}/disable`));
  await done(gateway.api('DELETE', `/v1/webhooks/${skipping}`));
  await done(gateway.api('POST', `/v1/webhooks/${waiting}/secret/rotate`));
  await people(gateway, accountId);
  await ended(gateway, '/v1/tasks', () =>
    gateway.api('POST', '/v1/deliveries/replay', { accountId, state: 'delivered', messageId: 'one' }),
  );
  await ended(gateway, '/v1/erasures', () =>
    gateway.api('POST', '/v1/erasures', { mobileNumber: erasedNumber, waiting: 'drop' }),
  );
  await gateway.idle();
  const isKept = (_: unknown, i: number): boolean =>
    (events[i] as { mobileNumber?: string }).mobileNumber !== erasedNumber;
  return {
    ...{ accountId, key, waiting, ordered, email: 'asha@example.com' },
    events: events.filter(isKept),
    eventIds: answers.map(({ id }) => id).filter(isKept),
  };
}

function triedAll(states: readonly string[]): boolean {
  return states.filter((state) => state === 'failed').length >= 4;
}

async function statesOf(gateway: GatewayFixture, accountId: string): Promise<readonly string[]> {
  const path = `/v1/deliveries?accountId=${accountId}&limit=500`;
  return (await gateway.api<{ data: ShownDelivery[] }>('GET', path)).body.data.map(({ state }) => state);
}

async function done(calling: Promise<{ readonly status: number; readonly body: unknown }>): Promise<unknown> {
  const { status, body } = await calling;
  if (status >= 300) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Starts a task and waits for its end. */
async function ended(
  gateway: GatewayFixture,
  list: string,
  start: () => Promise<{ readonly status: number; readonly body: unknown }>,
): Promise<void> {
  await done(start());
  await eventually(
    () => gateway.api<{ data: { finishedAt: string | null }[] }>('GET', list),
    ({ body }) => body.data.length > 0 && body.data.every(({ finishedAt }) => finishedAt !== null),
  );
}

async function people(gateway: GatewayFixture, accountId: string): Promise<void> {
  await setUpOperator(gateway);
  const { link } = await invite(gateway, 'developer', 'asha@example.com', accountId);
  const browser = openBrowser(gateway);
  await browser.call('POST', '/v1/session/password', { token: tokenOf(link), password, name: 'Asha' });
  await invite(gateway, 'viewer', 'not-yet@example.com', accountId);
}

/** Makes a webhook under an Idempotency-Key, or gets the answer again that it had. */
export async function kept(
  { gateway }: Pick<GatewayFixture, 'gateway'>,
  accountId: string,
  url: string,
): Promise<unknown> {
  const answer = await fetch(`${gateway.url}/v1/senders`, {
    method: 'POST',
    headers: {
      ...{ authorization: 'Bearer op_0123456789abcdef', 'content-type': 'application/json' },
      'idempotency-key': `of-${accountId}`,
    },
    body: JSON.stringify({ accountId, product: 'whatsapp', productUniqueId: '918888888888', label: url }),
  });
  const body: unknown = await answer.json();
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}

/** All that the API tells of a gateway, but for what is of this moment. */
export async function allAnswers(gateway: GatewayFixture): Promise<Readonly<Record<string, unknown>>> {
  const told: Record<string, unknown> = {};
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await gateway.api<T>('GET', path);
    told[path] = { status, body: JSON.parse(JSON.stringify(body, hideMoments)) as unknown };
    return body;
  };
  const list = async <T extends object>(path: string): Promise<readonly T[]> =>
    (await get<{ data: readonly T[] }>(path)).data;
  type WithId = { readonly id: string };
  for (const { id } of await list<WithId>('/v1/accounts?limit=100')) {
    await get(`/v1/accounts/${id}`);
    await get(`/v1/accounts/${id}/keys`);
    await get(`/v1/limits?accountId=${id}`);
    await get(`/v1/deliveries?accountId=${id}&limit=100`);
    await get(`/v1/stats?accountId=${id}&from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z&bucket=day`);
  }
  for (const { id } of await list<WithId>('/v1/webhooks?limit=100')) {
    await get(`/v1/webhooks/${id}`);
    await get(`/v1/webhooks/${id}/secret`);
    await get(`/v1/webhooks/${id}/stats?from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z&bucket=day`);
    for (const state of ['pending', 'retrying', 'delivered', 'failed', 'skipped']) {
      await get(`/v1/deliveries?webhookId=${id}&state=${state}&limit=100`);
    }
  }
  await get('/v1/senders?limit=100');
  await get('/v1/people?limit=100');
  await get('/v1/audit?limit=200');
  await get('/v1/tasks?limit=100');
  await get('/v1/erasures?limit=100');
  const deliveries = await list<ShownDelivery>('/v1/deliveries?limit=500');
  for (const { id, attemptCount } of deliveries) {
    await get(`/v1/deliveries/${id}`);
    if (attemptCount > 0) await get(`/v1/deliveries/${id}/attempts/1/request`);
  }
  for (const id of new Set(deliveries.map(({ eventId }) => eventId))) await get(`/v1/events/${id}`);
  for (const { messageId } of deliveries) await get(`/v1/events?messageId=${encodeURIComponent(messageId)}`);
  for (const sought of [
    ...['messageId=one', 'messageId=two', 'transactionId=txn-1', 'transactionId=txn-first'],
    ...['mobileNumber=917777000001', 'mobileNumber=5679', 'mobileNumber=919812345678'],
    ...[`mobileNumber=${erasedNumber}`, 'statusCode=500', 'errorClass=status', 'state=skipped'],
  ]) {
    await get(`/v1/deliveries?${sought}&limit=100`);
    if (!/^(status|error)/.test(sought)) await get(`/v1/events?${sought}&limit=100`);
  }
  return told;
}

/** What is another in each process, and when somebody was seen. */
const momentary: ReadonlySet<string> = new Set(['lastSeenAt', 'nextCursor', 'health', 'now', 'used']);

function hideMoments(name: string, value: unknown): unknown {
  return momentary.has(name) ? undefined : value;
}
