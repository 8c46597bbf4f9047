import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

interface Route extends Operation {
  readonly method: string;
  /** "/v1/webhooks/{id}" */
  readonly path: string;
}

/** An account with one thing of each kind. */
interface Owner {
  readonly accountId: string;
  readonly key: string;
  readonly ids: Readonly<Record<string, string>>;
}

const word = 'confidential';
const every = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

let gateway: GatewayFixture;
let receiver: Receiver;
let routes: readonly Route[];
let theirs: Owner;
let key: string;

async function made<T = { id: string }>(path: string, body: object): Promise<T> {
  const answer = await gateway.api<T>('POST', path, body);
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

async function openOwner(): Promise<Owner> {
  const { id: accountId } = await made('/v1/accounts', { name: word });
  const { id: webhook } = await gateway.createWebhook(accountId, { url: `${receiver.url}/${word}` });
  const event = { accountId, product: 'sms', reportType: 'dlr', messageId: word, transactionId: word };
  const { events } = await gateway.accept({ ...event, status: 'delivered' });
  await receiver.next();
  await gateway.idle();
  const delivery = await gateway.deliveryOf(events[0]?.id);
  const { taskId } = await made<{ taskId: string }>('/v1/deliveries/replay', { accountId, messageId: word });
  const { id: sender } = await made('/v1/senders', {
    ...{ accountId, label: word, product: 'whatsapp', productUniqueId: '919999999999' },
  });
  const newKey = { name: word, scopes: ['admin', 'events:write'] };
  const own = await made<{ id: string; key: string }>(`/v1/accounts/${accountId}/keys`, newKey);
  const newPerson = { accountId, name: word, email: `${word}@example.com`, role: 'owner' };
  const { id: person } = await made('/v1/people', newPerson);
  return {
    accountId,
    key: own.key,
    ids: {
      ...{ accounts: accountId, webhooks: webhook, deliveries: delivery.id, events: delivery.eventId },
      ...{ tasks: taskId, senders: sender, people: person, keyId: own.id },
    },
  };
}

beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
  theirs = await openOwner();
  key = await gateway.createKey(await gateway.createAccount(), ['admin', 'events:write']);
  const { body } = await gateway.api<{ paths: Record<string, Record<string, Operation>> }>(
    'GET',
    '/openapi.json',
  );
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }))
      .filter(({ method, security }) => every.includes(method) && security.length > 0),
  );
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** A route's path about their thing. */
function aboutTheirs(path: string): string {
  const kind = path.split('/')[2] ?? '';
  return path
    .replace('{id}', theirs.ids[kind] ?? `(no ${kind})`)
    .replace('{keyId}', theirs.ids.keyId ?? '')
    .replace('{number}', '1');
}

const webhookBody = () => ({
  ...{ product: 'whatsapp', reportType: 'mo', method: 'JSON', url: `${receiver.url}/${word}` },
});
const from = new Date(Date.now() - 60_000).toISOString();

/** What a call needs to come as far as its thing. */
const bodies: Readonly<Record<string, () => object>> = {
  changeAccount: () => ({ name: 'taken' }),
  changePerson: () => ({ role: 'viewer' }),
  createKey: () => ({ name: 'taken', scopes: ['admin'] }),
  createPortalLink: () => ({}),
  recoverWebhook: () => ({ from }),
  replaceWebhook: webhookBody,
};

/** What a call without an id in its path can name of theirs. */
const naming: Readonly<Record<string, () => readonly object[]>> = {
  createAccount: () => [{ name: 'taken' }],
  createErasure: () => [{ accountId: theirs.accountId, messageId: word }],
  createSender: () => [{ accountId: theirs.accountId, product: 'whatsapp', productUniqueId: '919888888888' }],
  createWebhook: () => [{ ...webhookBody(), accountId: theirs.accountId }],
  invitePerson: () => [
    { accountId: theirs.accountId, name: 'Taken', email: 'taken@example.com', role: 'owner' },
  ],
  previewWebhook: () => [
    { ...webhookBody(), accountId: theirs.accountId },
    { ...webhookBody(), webhookId: theirs.ids.webhooks },
  ],
  replayDeliveries: () => [
    { accountId: theirs.accountId, messageId: word },
    { webhookId: theirs.ids.webhooks, messageId: word },
  ],
  testUnsavedWebhook: () => [
    { ...webhookBody(), accountId: theirs.accountId },
    { ...webhookBody(), webhookId: theirs.ids.webhooks },
  ],
};
const byMessage = `?messageId=${word}`;
const queries: Readonly<Record<string, string>> = {
  findEvents: byMessage,
  findEventsAsCsv: byMessage,
  findEventsAsNdjson: byMessage,
};

async function call(method: string, path: string, body?: object, as = key) {
  const { status, body: answer } = await gateway.api<unknown>(method, path, body, as);
  return { what: `${method} ${path}`, status, text: JSON.stringify(answer) };
}

/** What an operator sees of their things. */
async function state(): Promise<unknown> {
  const kinds = Object.entries(theirs.ids).filter(([kind]) => kind !== 'events' && kind !== 'keyId');
  const paths = kinds.map(([kind, id]) => (kind === 'senders' ? '/v1/senders' : `/v1/${kind}/${id}`));
  const keys = `/v1/accounts/${theirs.accountId}/keys`;
  const seen = [...paths, keys, `/v1/webhooks/${theirs.ids.webhooks}/secret`];
  return Promise.all(seen.map(async (path) => (await gateway.api<unknown>('GET', path)).body));
}

/** That of a thing of theirs nothing is said, but what was asked for. */
function expectNothingOf({ what, text }: { what: string; text: string }): void {
  expect(text, what).not.toContain(word);
}

describe('a key with every right in another account', () => {
  it('finds nothing at any path of the API that names a thing of an account, and changes nothing', async () => {
    await expect
      .poll(async () => (await call('GET', aboutTheirs('/v1/tasks/{id}'), undefined, theirs.key)).text)
      .toContain('"state":"done"');
    const before = await state();
    const withId = routes.filter(({ path }) => path.includes('{id}'));
    expect(withId.length).toBeGreaterThan(25);
    for (const { method, path, operationId } of withId) {
      const theirPath = aboutTheirs(path);
      if (method === 'GET') {
        const own = await call(method, theirPath, undefined, theirs.key);
        expect(own.what + own.status).toBe(own.what + (path === '/v1/accounts/{id}' ? 403 : 200));
      }
      const answer = await call(method, theirPath, bodies[operationId]?.());
      expect(`${answer.what} ${answer.status}`).toBe(`${answer.what} 404`);
      expectNothingOf(answer);
    }
    expect(await state()).toEqual(before);
  });

  it('has lists without them, and is told of no account that it names', async () => {
    const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{id}'));
    for (const { path, operationId, parameters = [] } of lists) {
      const query = queries[operationId] ?? '';
      // A stream has no end that one could wait for.
      if (operationId !== 'streamDeliveries') {
        const answer = await call('GET', path + query);
        expect([200, 403], `${answer.what} ${answer.status}`).toContain(answer.status);
        expectNothingOf(answer);
        for (const id of Object.values(theirs.ids)) expect(answer.text, answer.what).not.toContain(id);
      }
      if (!parameters.some(({ name }) => name === 'accountId')) continue;
      const named = await call('GET', `${path}${query || '?'}&accountId=${theirs.accountId}`);
      expect(`${named.what} ${named.status}`).toBe(`${named.what} 404`);
    }
    const found = await call('GET', `/v1/events${queries.findEvents}`, undefined, theirs.key);
    expect(found.text).toContain(word);
  });

  it('can make nothing there, nor with a thing of theirs', async () => {
    const before = await state();
    const others = routes.filter(({ method, path }) => method !== 'GET' && !path.includes('{id}'));
    for (const { method, path, operationId } of others) {
      if (operationId === 'acceptEvents') continue;
      const told = naming[operationId]?.() ?? [];
      expect(told, `What of another account could ${operationId} name?`).not.toEqual([]);
      for (const body of told) {
        const answer = await call(method, path, body);
        const expected = operationId === 'createAccount' ? 403 : 404;
        expect(`${operationId} ${answer.status} ${answer.text}`).toContain(`${operationId} ${expected}`);
        expectNothingOf(answer);
      }
    }
    expect(await state()).toEqual(before);
  });

  it('can hand in no event there', async () => {
    const event = { accountId: theirs.accountId, product: 'sms', reportType: 'dlr', messageId: 'taken' };
    const answer = await call('POST', '/v1/events', { ...event, status: 'delivered' });
    expect(answer.status).toBe(422);
    expect((await call('GET', '/v1/events?messageId=taken', undefined, theirs.key)).text).toContain(
      '"data":[]',
    );
  });

  it('cannot bring back a webhook that they deleted', async () => {
    const { id } = await gateway.createWebhook(theirs.accountId, { url: receiver.url });
    expect((await call('DELETE', `/v1/webhooks/${id}`, undefined, theirs.key)).status).toBe(204);
    expect((await call('POST', `/v1/webhooks/${id}/restore`)).status).toBe(404);
    expect((await call('POST', `/v1/webhooks/${id}/restore`, undefined, theirs.key)).status).toBe(200);
  });
});
