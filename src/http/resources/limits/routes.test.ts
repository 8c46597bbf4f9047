import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountLimits, limitNames } from '../../../core/account-limits.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { smsDlr } from '../../testing/webhook-bodies.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'admin');
});
afterEach(() => api.app.close());

async function limit(limits: object): Promise<void> {
  expect((await api.call('PATCH', '/v1/accounts/acc_1', { limits })).status).toBe(200);
}

const one = (name: string, limits: readonly { readonly name: string }[]) =>
  limits.find((limited) => limited.name === name);

describe('the limits of an account', () => {
  it('are those of all accounts until it has its own, and again when they are taken away', async () => {
    const ofAccount = async () => (await api.call('GET', '/v1/accounts/acc_1')).body.limits;
    expect(await ofAccount()).toEqual(Object.fromEntries(limitNames.map((name) => [name, null])));
    await limit({ webhooks: 5, eventsPerSecond: 10 });
    await limit({ eventsPerSecond: null, keys: 3 });
    expect(await ofAccount()).toMatchObject({ webhooks: 5, eventsPerSecond: null, keys: 3, tests: null });
    const { body } = await api.call('GET', '/v1/limits?accountId=acc_1');
    expect(body.accountId).toBe('acc_1');
    const { limits } = body as unknown as { limits: { name: string }[] };
    expect(one('webhooks', limits)).toMatchObject({ value: 5, own: 5, ofAll: 200, used: 0, least: 1 });
    expect(one('eventsPerSecond', limits)).toMatchObject({ value: null, own: null, ofAll: null });
    expect(one('keys', limits)).toMatchObject({ value: 3, used: 1, label: 'API keys' });
  });

  it('may be given when it is created', async () => {
    const body = { name: 'B', id: 'acc_b', limits: { webhooks: 7, tests: null } };
    expect((await api.call('POST', '/v1/accounts', body)).body.limits).toMatchObject({
      webhooks: 7,
      tests: null,
    });
  });

  it.each(limitNames)('take %s from its least to its most, and nothing beside', async (name) => {
    const { least, most } = accountLimits[name];
    for (const value of [least, most]) await limit({ [name]: value });
    for (const value of [least - 1, most + 1, 1.5, '5', 'off']) {
      const refused = await api.call('PATCH', '/v1/accounts/acc_1', { limits: { [name]: value } });
      expect(refused.body).toMatchObject({ status: 422, errors: [{ path: `limits.${name}` }] });
    }
  });

  it('are named exactly', async () => {
    const refused = await api.call('PATCH', '/v1/accounts/acc_1', { limits: { webhook: 5 } });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ path: 'limits.webhook' }] });
    expect((await api.call('PATCH', '/v1/accounts/acc_1', {})).status).toBe(422);
  });

  it('are read by its own keys, whatever their scope, and changed by none of them', async () => {
    const reader = await api.accountKey('acc_1', 'events:write');
    const own = await api.call('GET', '/v1/limits', undefined, { key: reader });
    expect([own.status, own.body.accountId]).toEqual([200, 'acc_1']);
    expect((await api.call('GET', '/v1/limits?accountId=acc_2', undefined, { key: reader })).status).toBe(
      404,
    );
    expect((await api.call('GET', '/v1/limits')).status).toBe(422);
    const change = await api.call('PATCH', '/v1/accounts/acc_1', { limits: { webhooks: 9 } }, { key });
    expect(change.status).toBe(403);
  });
});

describe('an account at its limit', () => {
  const numberOf = (i: number) => ({ product: 'whatsapp', productUniqueId: `91999999${1000 + i}` });
  const cases: readonly (readonly [string, number, (i: number) => readonly [string, object]])[] = [
    ['webhooks', 3, () => ['/v1/webhooks', smsDlr]],
    // One of them is the key that asks.
    ['keys', 4, () => ['/v1/accounts/acc_1/keys', { name: 'x', scopes: ['admin'] }]],
    ['senders', 3, (i) => ['/v1/senders', numberOf(i)]],
  ];

  it.each(cases)(
    'has as many %s as it may, and is told which limit, its value and what to do',
    async (name, value, body) => {
      await limit({ [name]: value });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => {
          const [path, content] = body(i);
          return api.call('POST', path, content, { key });
        }),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused).toHaveLength(17);
      for (const { body, headers } of refused) {
        expect(body).toMatchObject({ status: 409, code: 'limit_reached', limit: { name, value } });
        expect(body.detail).toMatch(new RegExp(`may have ${value} .* operator of the gateway can raise`));
        expect(body.detail).not.toContain('HOOKWIRE');
        expect(headers).not.toHaveProperty('retry-after');
      }
    },
  );

  it('keeps what it has when the limit falls below it, and gets no more', async () => {
    const made = await Promise.all([1, 2, 3].map(() => api.call('POST', '/v1/webhooks', smsDlr, { key })));
    await limit({ webhooks: 1 });
    expect((await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.code).toBe('limit_reached');
    const [first] = made;
    const path = `/v1/webhooks/${first?.body.id}`;
    expect((await api.call('PUT', path, smsDlr, { key })).status).toBe(200);
    expect((await api.call('POST', `${path}/disable`, undefined, { key })).status).toBe(200);
  });

  it('cannot take back the deletion of a webhook either', async () => {
    const gone = `/v1/webhooks/${(await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.id}`;
    await api.call('DELETE', gone, undefined, { key });
    await limit({ webhooks: 1 });
    await api.call('POST', '/v1/webhooks', smsDlr, { key });
    const refused = await api.call('POST', `${gone}/restore`, undefined, { key });
    expect(refused.body).toMatchObject({ code: 'limit_reached', limit: { name: 'webhooks', value: 1 } });
    await limit({ webhooks: 2 });
    expect((await api.call('POST', `${gone}/restore`, undefined, { key })).status).toBe(200);
  });
});
