import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawBody } from '../src/testing/gateway-api.ts';
import { type EventsAnswer, type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

let gateway: GatewayFixture;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

/** A new account with one SMS webhook, and the ids of the messages that arrive at it. */
async function openAccount(on: GatewayFixture = gateway, endpoint: Receiver = receiver) {
  const accountId = await on.createAccount();
  await on.createWebhook(accountId, { url: `${endpoint.url}/${accountId}` });
  return {
    accountId,
    event: (messageId: string, changes: object = {}) => ({
      accountId,
      product: 'sms',
      reportType: 'dlr',
      messageId,
      status: 'delivered',
      ...changes,
    }),
    arrived: () =>
      endpoint.requests
        .filter(({ path }) => path === `/${accountId}`)
        .map(({ body }) => (JSON.parse(body.toString()) as { msg_id: string }).msg_id),
  };
}

const post = (body: unknown, key?: string | null) =>
  gateway.api<EventsAnswer & Problem>('POST', '/v1/events', body, key);

describe('202', () => {
  it('answers one event and a list alike, item by item, in the order given', async () => {
    const { event } = await openAccount();
    const one = await post(event('m1', { id: 'my-1' }));
    expect(one).toMatchObject({
      status: 202,
      body: {
        accepted: 1,
        duplicates: 0,
        rejected: 0,
        events: [{ id: 'my-1', result: 'accepted', deliveries: 1 }],
      },
    });
    const list = await post([event('m2', { id: 'my-2' }), event('m3'), event('m4', { id: 'my-4' })]);
    expect(list.body.events.map(({ id }) => id)).toEqual(['my-2', expect.stringMatching(/^evt_/), 'my-4']);
    await receiver.take(4);
  });

  it('means that the event can be read back, also while its endpoint has not answered yet', async () => {
    const clock = createManualClock();
    await using slow = await createReceiver({ clock, script: [{ status: 200, delayMs: 1_000 }] });
    const { accountId, event } = await openAccount(gateway, slow);
    await post(event('m1', { id: 'kept', transactionId: '00042', attributes: { circle: 'KA' } }));
    const { body } = await gateway.api('GET', `/v1/events/kept?accountId=${accountId}`);
    expect(body).toMatchObject({
      id: 'kept',
      transactionId: '00042',
      attributes: { circle: 'KA' },
      deliveries: [{ state: 'pending', attemptCount: 0 }],
    });
    await slow.next();
    clock.advance(1_000);
    await gateway.idle();
    expect(await gateway.deliveryOf('kept')).toMatchObject({ state: 'delivered' });
  });

  it('takes an event that no webhook wants', async () => {
    const accountId = await gateway.createAccount();
    const answer = await post({
      accountId,
      product: 'sms',
      reportType: 'dlr',
      messageId: 'm',
      status: 'sent',
    });
    expect(answer.body.events).toMatchObject([{ result: 'accepted', deliveries: 0 }]);
  });

  it('takes an event of an account key without naming the account', async () => {
    const { accountId, event, arrived } = await openAccount();
    const key = await gateway.createKey(accountId, ['events:write']);
    const answer = await post({ ...event('m1'), accountId: undefined }, key);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    await receiver.next();
    expect(arrived()).toEqual(['m1']);
  });
});

describe('the same event twice', () => {
  it('is one event, by its own id or by what it says', async () => {
    const { event, arrived } = await openAccount();
    const first = await post([event('m1', { id: 'own' }), event('m2'), event('m2')]);
    expect(first.body).toMatchObject({ accepted: 2, duplicates: 1 });
    const known = first.body.events.map(({ id }) => id);
    expect(known[2]).toBe(known[1]);

    const again = await post([event('another message', { id: 'own' }), event('m2')]);
    expect(again).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 2, rejected: 0 } });
    expect(again.body.events).toEqual([
      // What came under this id the second time was not taken, and that is said.
      { id: 'own', result: 'duplicate', deliveries: 1, differs: true },
      { id: known[1], result: 'duplicate', deliveries: 1 },
    ]);
    await post(event('last'));
    await receiver.take(3);
    expect(arrived().sort()).toEqual(['last', 'm1', 'm2']);
  });

  it('is another event with another part or status, or in another account', async () => {
    const mine = await openAccount();
    const theirs = await openAccount();
    const different = [{}, { part: 1 }, { part: 2 }, { status: 'sent' }, { id: 'own' }];
    const answer = await post([
      ...different.map((changes) => mine.event('m', changes)),
      theirs.event('m'),
      theirs.event('m', { id: 'own' }),
    ]);
    expect(answer.body).toMatchObject({ accepted: 7, duplicates: 0 });
    await receiver.take(7);
  });

  it('is another event for each recipient of one id, each correction, and each use of an id by an SMSC', async () => {
    const { event } = await openAccount();
    const bulk: Record<string, unknown> = event('bulk', {
      mobileNumber: '919812345678',
      deliveredTime: '2026-11-22T10:15:33Z',
    });
    const others = [
      { mobileNumber: '919812345679' },
      { mobileNumber: null, userId: 'IN.13491208655302741918' },
      { transactionId: '7' },
      { errorCode: '001' },
      { deliveredTime: '2026-11-22T10:15:34Z' },
      { receivedTime: '2026-11-22T10:15:30Z' },
      { sentTime: '2026-11-22T10:15:31Z' },
      { readTime: '2026-11-22T10:15:40Z' },
    ].map((change) => ({ ...bulk, ...change }));
    const first = await post([bulk, ...others]);
    expect(first.body).toMatchObject({ accepted: 9, duplicates: 0 });
    await receiver.take(9);

    // The same in other words.
    const again = [bulk, ...others].map(({ ...report }) => ({
      ...report,
      status: ' DELIVERED',
      ...(typeof report.mobileNumber === 'string' && { mobileNumber: `+${report.mobileNumber}` }),
      deliveredTime: String(report.deliveredTime).replace('10:15', '15:45').replace('Z', '+05:30'),
    }));
    const { body } = await post(again);
    expect(body).toMatchObject({ accepted: 0, duplicates: 9 });
    expect(body.events.map(({ id }) => id)).toEqual(first.body.events.map(({ id }) => id));
  });

  it('is any pair of reports that agree in all but spelling; any other pair is two', async () => {
    const accountId = await gateway.createAccount();
    const few = fc.constantFrom('1', '11', '01', 'a');
    const time = fc.constantFrom('2026-11-22T10:15:30.000Z', '2026-11-22T10:15:30.001Z');
    const fields = fc.record(
      {
        ...{ transactionId: few, errorCode: few, userId: few, part: fc.constantFrom(1, 2) },
        ...{ mobileNumber: fc.constantFrom('919812345678', '919812345679', '9812345678', '09812345678') },
        ...{ status: fc.constantFrom('sent', 'delivered', 'failed', 'deleted') },
        ...{ receivedTime: time, sentTime: time, deliveredTime: time, readTime: time },
      },
      { requiredKeys: ['status', 'mobileNumber'] },
    );
    const sorted = (report: object) => JSON.stringify(Object.entries(report).sort());
    let message = 0;
    await fc.assert(
      fc.asyncProperty(fields, fields, fc.boolean(), async (one, other, same) => {
        const second = same ? one : other;
        const base = { accountId, product: 'sms', reportType: 'dlr', messageId: `pair-${message++}` };
        const spelled = {
          ...{ ...base, ...second, status: ` ${second.status.toUpperCase()}` },
          mobileNumber: second.mobileNumber.replace(/^91/, '+91 (').replace('(98', '(98) '),
        };
        const isSame = sorted(one) === sorted(second);
        const { body } = await post([{ ...base, ...one }, spelled]);
        expect(body).toMatchObject({ accepted: isSame ? 1 : 2, duplicates: isSame ? 1 : 0 });
      }),
      { numRuns: 100 },
    );
  });

  it('is one event when both come at the same moment', async () => {
    const { event, arrived } = await openAccount();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(event('m'))));
    expect(answers.map(({ body }) => body.accepted).sort()).toEqual([...Array(19).fill(0), 1]);
    await receiver.next();
    await gateway.idle();
    expect(arrived()).toEqual(['m']);
  });

  it('is known again after a restart', async () => {
    const { event } = await openAccount();
    await post([event('m1', { id: 'own' }), event('m2')]);
    await receiver.take(2);
    await gateway.restart();
    expect((await post([event('m1', { id: 'own' }), event('m2')])).body).toMatchObject({ duplicates: 2 });
  });
});

describe('bad events', () => {
  it('do not hold up the others of their call', async () => {
    const { event, arrived } = await openAccount();
    const { status, body } = await post([
      event('good 1'),
      event('', { status: undefined, colour: 'red' }),
      event('good 2'),
      'not an event',
      event('m', { messageId: 7, receivedTime: '22/11/2026', id: 'named' }),
      { product: 'fax', messageId: 'm', accountId: 'nobody' },
      event('mo', { reportType: 'mo' }),
    ]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, rejected: 5 });
    const pathsOf = (index: number) => body.events[index]?.errors?.map(({ path }) => path).sort();
    expect(body.events.map(({ result }) => result)).toEqual([
      ...['accepted', 'rejected', 'accepted', 'rejected', 'rejected', 'rejected', 'rejected'],
    ]);
    expect(pathsOf(1)).toEqual(['colour', 'messageId', 'status']);
    expect(pathsOf(3)).toEqual(['']);
    expect(pathsOf(4)).toEqual(['messageId', 'receivedTime']);
    expect(body.events[4]?.id).toBe('named');
    expect(pathsOf(5)).toEqual(['accountId', 'product']);
    expect(pathsOf(6)).toEqual(['reportType']);
    await receiver.take(2);
    expect(arrived().sort()).toEqual(['good 1', 'good 2']);
  });

  it('are answered 422 when there is no other, with paths from the root of the body', async () => {
    const { event } = await openAccount();
    const list = await post([event('m', { status: null }), event('m', { part: 0 })]);
    expect(list).toMatchObject({
      status: 422,
      headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
      body: { code: 'invalid_input', status: 422, accepted: 0, rejected: 2 },
    });
    expect(list.body.errors.map(({ path }) => path)).toEqual(['[0].status', '[1].part']);
    const one = await post(event('m', { status: null }));
    expect(one).toMatchObject({ status: 422, body: { errors: [{ path: 'status' }] } });
  });

  it('of another account are refused to an account key', async () => {
    const mine = await openAccount();
    const theirs = await openAccount();
    const key = await gateway.createKey(mine.accountId, ['events:write']);
    const answer = await post([theirs.event('m'), mine.event('m')], key);
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1 });
    expect(answer.body.events[0]?.errors).toMatchObject([{ path: 'accountId' }]);
    await receiver.next();
    expect(theirs.arrived()).toEqual([]);
  });
});

describe('a body that cannot be taken', () => {
  it.each<[string, unknown, number, string]>([
    ['an empty list', [], 422, 'invalid_input'],
    ['1,001 events', Array(1_001).fill({}), 422, 'invalid_input'],
    ['text', 'hello', 422, 'invalid_input'],
    ['null', null, 422, 'invalid_input'],
    ['no body', undefined, 422, 'invalid_input'],
    ['broken JSON', { raw: '[{"product":', contentType: 'application/json' }, 400, 'invalid_request'],
    [
      'a form',
      { raw: 'product=sms', contentType: 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['JSON called text', { raw: '{}', contentType: 'text/plain' }, 415, 'unsupported_media_type'],
  ])('is %s', async (_, body, status, code) => {
    const answer = await post(body);
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
      body: {
        type: `urn:hookwire:error:${code}`,
        status,
        code,
        title: expect.any(String),
        detail: expect.any(String),
      },
    });
  });

  it('is one beyond the limit of bytes, and the limit itself is taken', async () => {
    const { event } = await openAccount();
    const limit = 4_194_304;
    const padded = (bytes: number): RawBody => {
      const json = JSON.stringify(event('m'));
      return { raw: json.padEnd(bytes), contentType: 'application/json' };
    };
    expect((await post(padded(limit))).status).toBe(202);
    const answer = await post(padded(limit + 1));
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
    await receiver.next();
  });
});

describe('who may hand in', () => {
  it('is whoever has a key', async () => {
    const { event } = await openAccount();
    for (const key of [null, '', 'hw_wrong', 'op_0123456789abcdee']) {
      const answer = await post(event('m'), key);
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('is a key with the scope for it', async () => {
    const { accountId, event } = await openAccount();
    const key = await gateway.createKey(accountId, ['webhooks:read', 'deliveries:read']);
    expect(await post(event('m'), key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('is nobody any more once the key or the account is deleted', async () => {
    const { accountId, event } = await openAccount();
    const path = `/v1/accounts/${accountId}/keys`;
    const made = await gateway.api<{ id: string; key: string }>('POST', path, {
      name: 'short',
      scopes: ['events:write'],
    });
    expect((await post(event('m1'), made.body.key)).status).toBe(202);
    await gateway.api('DELETE', `${path}/${made.body.id}`);
    expect((await post(event('m2'), made.body.key)).status).toBe(401);
    await receiver.next();
    const other = await gateway.createKey(accountId, ['events:write']);
    await gateway.api('DELETE', `/v1/accounts/${accountId}`);
    expect((await post(event('m3'), other)).status).toBe(401);
    expect(await post(event('m4'))).toMatchObject({ status: 422, body: { errors: [{ path: 'accountId' }] } });
  });

  it('sees nothing of another account, not even that it is there', async () => {
    const mine = await openAccount();
    const theirs = await openAccount();
    const key = await gateway.createKey(mine.accountId);
    const { body } = await post(theirs.event('m', { id: 'theirs' }));
    await receiver.next();
    const { id, webhookId } = await gateway.deliveryOf(body.events[0]?.id);
    const calls: [string, string, unknown?][] = [
      ['GET', `/v1/webhooks/${webhookId}`],
      ['PUT', `/v1/webhooks/${webhookId}`, {}],
      ['DELETE', `/v1/webhooks/${webhookId}`],
      ['POST', `/v1/webhooks/${webhookId}/disable`],
      ['POST', `/v1/webhooks/${webhookId}/enable`],
      ['POST', `/v1/webhooks/${webhookId}/test`],
      ['GET', `/v1/webhooks/${webhookId}/secret`],
      ['POST', `/v1/webhooks/${webhookId}/secret/rotate`],
      ['GET', '/v1/events/theirs'],
      ['GET', `/v1/deliveries/${id}`],
      ['POST', `/v1/deliveries/${id}/replay`],
      ['GET', `/v1/deliveries?accountId=${theirs.accountId}`],
      ['GET', `/v1/webhooks?accountId=${theirs.accountId}`],
    ];
    for (const [method, path, sent] of calls) {
      const answer = await gateway.api<Problem>(method, path, sent, key);
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
      expect(answer.body.code).toBe('not_found');
    }
    const lists = [`/v1/deliveries?webhookId=${webhookId}`, '/v1/webhooks?q=', '/v1/deliveries?messageId=m'];
    for (const path of lists) {
      const answer = await gateway.api<{ data: { id: string }[] }>('GET', path, undefined, key);
      expect(answer.status).toBe(200);
      expect(answer.body.data.map((item) => item.id)).not.toContain(webhookId);
      expect(answer.body.data.map((item) => item.id)).not.toContain(id);
    }
    expect((await gateway.api<Problem>('GET', '/v1/accounts', undefined, key)).status).toBe(403);
    expect((await gateway.api('GET', `/v1/webhooks/${webhookId}`)).status).toBe(200);
  });
});

describe('many callers at once', () => {
  it('are all answered, and every event arrives once', async () => {
    const { event, arrived } = await openAccount();
    const ids = Array.from({ length: 200 }, (_, i) => `single ${i}`);
    const answers = await Promise.all(ids.map((id) => post(event(id))));
    expect(answers.every(({ status, body }) => status === 202 && body.accepted === 1)).toBe(true);
    await receiver.take(200);
    await gateway.idle();
    expect(arrived().sort()).toEqual([...ids].sort());
  });

  it('are told to come back when the queue is full, and nothing accepted is lost', async () => {
    await using small = await openGateway({ env: { HOOKWIRE_INTAKE_QUEUE: '1000' } });
    await using endpoint = await createReceiver();
    const { event, arrived } = await openAccount(small, endpoint);
    const calls = Array.from({ length: 40 }, (_, call) =>
      Array.from({ length: 400 }, (_, i) => event(`${call}-${i}`)),
    );
    const answers = await Promise.all(
      calls.map((events) => small.api<EventsAnswer & Problem>('POST', '/v1/events', events)),
    );
    const accepted = calls.filter((_, i) => answers[i]?.status === 202).flat();
    const refused = answers.filter(({ status }) => status !== 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, body } of refused) {
      expect({ status, retryAfter: headers['retry-after'], code: body.code }).toEqual({
        status: 503,
        retryAfter: '1',
        code: 'overloaded',
      });
    }
    await endpoint.take(accepted.length);
    await small.idle();
    expect(arrived().sort()).toEqual(accepted.map(({ messageId }) => messageId).sort());
  });
});
