import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';

let clock: ManualClock;
let api: HttpFixture;
let key: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  key = await api.accountKey('acc_1', 'admin');
});
afterEach(() => api.app.close());

function post(path: string, body: object, idempotencyKey: string, as: string | null = key) {
  const headers = { 'idempotency-key': idempotencyKey };
  return api.call('POST', path, body, as === null ? { headers } : { headers, key: as });
}

const hour = 3_600_000;
const webhooks = async () => (await api.call('GET', '/v1/webhooks', undefined, { key })).body.data;

describe('a call with an Idempotency-Key', () => {
  it('that comes again is answered as before, marked, and makes nothing', async () => {
    const first = await post('/v1/webhooks', smsDlr, 'k-1');
    const again = await post('/v1/webhooks', smsDlr, 'k-1');
    expect(first.status).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: first.headers.location,
      'content-type': first.headers['content-type'],
    });
    expect(await webhooks()).toHaveLength(1);
    expect(api.told).toHaveLength(1);
  });

  it('is made once by calls at the same time, and all get its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('/v1/webhooks', smsDlr, 'k-1')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(5);
    expect(await webhooks()).toHaveLength(1);
  });

  it('and another body, query or path under the same key is refused, at once or later', async () => {
    const other = { ...smsDlr, description: 'other' };
    const [one, two] = await Promise.all([
      post('/v1/webhooks', smsDlr, 'k-1'),
      post('/v1/webhooks', other, 'k-1'),
    ]);
    expect([one.status, two.status].sort()).toEqual([201, 422]);
    for (const answer of [
      await post('/v1/webhooks', { ...smsDlr, description: 'third' }, 'k-1'),
      await post('/v1/webhooks?accountId=acc_1', smsDlr, 'k-1'),
      await post('/v1/accounts/acc_1/keys', { name: 'x', scopes: ['events:write'] }, 'k-1'),
    ])
      expect(answer.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await webhooks()).toHaveLength(1);
  });

  it('under another key, of another account, or of an operator is another one', async () => {
    const others = await api.accountKey('acc_2', 'admin');
    await post('/v1/webhooks', smsDlr, 'k-1');
    for (const answer of [
      await post('/v1/webhooks', smsDlr, 'k-2'),
      await post('/v1/webhooks', smsDlr, 'k-1', others),
      await api.call(
        'POST',
        '/v1/webhooks',
        { ...smsDlr, accountId: 'acc_1' },
        { headers: { 'idempotency-key': 'k-1' } },
      ),
    ]) {
      expect(answer.status).toBe(201);
      expect(answer.headers['idempotency-replayed']).toBeUndefined();
    }
  });

  it('that was refused may be mended and made under the same key', async () => {
    expect((await post('/v1/webhooks', { ...smsDlr, url: 'x' }, 'k-1')).status).toBe(422);
    const taken = { id: 'acc_9', name: 'Nine' };
    await api.createAccount('acc_9');
    const created = (body: object) =>
      api.call('POST', '/v1/accounts', body, { headers: { 'idempotency-key': 'k-1' } });
    expect((await created(taken)).status).toBe(409);
    expect((await created({ ...taken, id: 'acc_10' })).status).toBe(201);
    expect((await post('/v1/webhooks', smsDlr, 'k-1')).status).toBe(201);
  });

  it('is known for 24 hours', async () => {
    const first = await post('/v1/webhooks', smsDlr, 'k-1');
    clock.advance(24 * hour - 1);
    expect((await post('/v1/webhooks', smsDlr, 'k-1')).text).toBe(first.text);
    clock.advance(1);
    expect((await post('/v1/webhooks', smsDlr, 'k-1')).text).not.toBe(first.text);
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('must have a key of visible ASCII: %j', async (bad) => {
    const answer = await post('/v1/webhooks', smsDlr, bad);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('leaves one entry in the audit log', async () => {
    for (let i = 0; i < 3; i++) await post('/v1/webhooks', smsDlr, 'k-1');
    const entries = (await api.call('GET', '/v1/audit?action=webhook.created')).body.data;
    expect(entries).toHaveLength(1);
  });
});

describe('what is shown once', () => {
  const body = { name: 'main', scopes: ['events:write'] };

  it('is shown again for ten minutes, and then no more: the answer says what was made', async () => {
    const first = await post('/v1/accounts/acc_1/keys', body, 'k-1');
    clock.advance(10 * 60_000 - 1);
    expect((await post('/v1/accounts/acc_1/keys', body, 'k-1')).text).toBe(first.text);
    clock.advance(1);
    const late = await post('/v1/accounts/acc_1/keys', body, 'k-1');
    expect(late.body).toMatchObject({ status: 409, code: 'already_done' });
    expect(late.text).toContain(first.body.id);
    expect(late.text).not.toContain(String(first.body.key));
    const other = await post('/v1/accounts/acc_1/keys', { ...body, name: 'other' }, 'k-1');
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is never kept in the store', async () => {
    const first = await post('/v1/accounts/acc_1/keys', body, 'k-1');
    const link = await post('/v1/accounts/acc_1/portal-links', {}, 'k-2', null);
    expect([first.status, link.status]).toEqual([201, 201]);
    const kept = await Promise.all([
      api.services.directory.keptAnswers.find('acc_1', 'k-1', 0),
      api.services.directory.keptAnswers.find('', 'k-2', 0),
    ]);
    expect(kept).toMatchObject([{ body: null }, { body: null }]);
  });
});

it('events under a key are answered as before for a while', async () => {
  const events = [{ product: 'sms', reportType: 'dlr', messageId: 'm' }];
  const first = await post('/v1/events', events, 'k-1');
  expect((await post('/v1/events', events, 'k-1')).text).toBe(first.text);
  expect(api.accepted).toHaveLength(1);
  expect((await post('/v1/events', [...events, ...events], 'k-1')).body.code).toBe('idempotency_key_reused');
  expect(await api.services.directory.keptAnswers.find('acc_1', 'k-1', 0)).toBeNull();
});

it('events of which some were rejected may come again under their key', async () => {
  const events = [{ product: 'sms', reportType: 'dlr', messageId: 'm' }, {}];
  const rejected = {
    id: null,
    result: 'rejected',
    deliveries: 0,
    errors: [{ path: '', message: 'x' }],
  } as const;
  const taken = { id: 'evt_0', result: 'accepted', deliveries: 1 } as const;
  api.services.answerEvents = () => ({ accepted: 1, duplicates: 0, rejected: 1, events: [taken, rejected] });
  const answers = [await post('/v1/events', events, 'k-1'), await post('/v1/events', events, 'k-1')];
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(api.accepted).toHaveLength(2);
});

it('every call that makes something takes a key, and says so', async () => {
  const document = (await api.call('GET', '/openapi.json')).body as unknown as {
    paths: Record<string, { post?: { parameters?: { name: string; in: string }[]; responses: object } }>;
  };
  const taking = Object.entries(document.paths).flatMap(([path, { post: operation }]) =>
    operation?.parameters?.some((each) => each.in === 'header' && each.name === 'idempotency-key')
      ? [path]
      : [],
  );
  expect(taking.sort()).toEqual([
    '/v1/accounts',
    '/v1/accounts/{id}/keys',
    '/v1/accounts/{id}/portal-links',
    '/v1/deliveries/replay',
    '/v1/deliveries/{id}/replay',
    '/v1/erasures',
    '/v1/events',
    '/v1/people',
    '/v1/people/{id}/password-link',
    '/v1/senders',
    '/v1/webhooks',
    '/v1/webhooks/{id}/recover',
    '/v1/webhooks/{id}/secret/rotate',
  ]);
  // What answers 201 or 202 has made something.
  const making = Object.entries(document.paths).flatMap(([path, { post: operation }]) =>
    operation && Object.keys(operation.responses).some((status) => status === '201' || status === '202')
      ? [path]
      : [],
  );
  expect(taking).toEqual(expect.arrayContaining(making));
});
