import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptJson } from '../../core/kept-json.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';

let api: HttpFixture;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
});
afterEach(() => api.app.close());

const json = { headers: { 'content-type': 'application/json' } };

describe('keys that would change a prototype', () => {
  it.each([
    ['__proto__', '{"messageId":"m2","__proto__":{"polluted":1}}', { messageId: 'm2' }],
    ['an escaped __proto__', '{"messageId":"m2","\\u005f_proto__":{"polluted":1}}', { messageId: 'm2' }],
    [
      'constructor.prototype',
      '{"messageId":"m2","constructor":{"prototype":{"polluted":1}}}',
      { messageId: 'm2' },
    ],
    ['__proto__ of null', '{"messageId":"m2","__proto__":null}', { messageId: 'm2' }],
  ])('are left out of an event with %s, and the batch is taken', async (_what, event, left) => {
    const answer = await api.call('POST', '/v1/events', `[{"messageId":"m1"},${event}]`, json);
    expect(answer.status).toBe(202);
    const items = api.accepted[0]?.items ?? [];
    expect(items).toEqual([{ messageId: 'm1' }, left]);
    for (const item of items) expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get(items[1] as object, 'polluted')).toBeUndefined();
  });

  it('stay in what is kept as it came, and change nothing', async () => {
    const attributes = '{"a":[{"__proto__":{"polluted":1},"b":2}]}';
    await api.call('POST', '/v1/events', `{"attributes":${attributes}}`, json);
    const [item] = (api.accepted[0]?.items ?? []) as { attributes: KeptJson }[];
    expect(item?.attributes.text).toBe(attributes);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(item?.attributes.value).toEqual({ a: [{ b: 2 }] });
  });

  it('are left out of other bodies, which are then checked as they are', async () => {
    const answer = await api.call('POST', '/v1/accounts', '{"__proto__":{"name":"a"}}', json);
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path: 'name' }] });
  });
});

it.each(['"Acme Ltd"', 'null', '{"name":"prototype"}'])(
  'a harmless constructor, %s, stays',
  async (value) => {
    await api.call('POST', '/v1/events', `{"attributes":{"constructor":${value},"prototype":1}}`, json);
    expect(JSON.stringify(api.accepted[0]?.items)).toBe(
      `[{"attributes":{"constructor":${value},"prototype":1}}]`,
    );
  },
);

describe('a name that stands twice', () => {
  it.each([
    ['/v1/accounts', '{"name":"a","keep":{"logDays":1},"name":"b"}', 'name'],
    ['/v1/accounts', '{"name":"a","keep":{"logDays":1,"logDays":2}}', 'keep.logDays'],
    ['/v1/erasures', '{"userId":"a","user\\u0049d":"b"}', 'userId'],
    [
      '/v1/webhooks',
      '{"customHeaders":[{"name":"a","value":"b"},{"name":"a","name":"c"}]}',
      'customHeaders[1].name',
    ],
    ['/v1/webhooks/test', '{"event":{},"url":"https://a.example","url":"https://b.example"}', 'url'],
  ])('is refused at its place: %s %s', async (path, body, place) => {
    const { body: answer } = await api.call('POST', path, body, json);
    expect([answer.status, answer.errors]).toEqual([422, [{ path: place, message: 'must be given once.' }]]);
  });

  it('is taken in events, and kept as it came', async () => {
    await api.call('POST', '/v1/events', '{"status":"a","status":"b","attributes":{"a":1,"a":2}}', json);
    expect(api.accepted[0]?.items).toMatchObject([{ status: 'b', attributes: { text: '{"a":1,"a":2}' } }]);
  });
});

it('a mark of the byte order before the JSON is none of it', async () => {
  await api.call('POST', '/v1/events', '\ufeff{"messageId":"m1"}', json);
  await api.call('POST', '/v1/events', '\ufeff{"messageId":"m1","__proto__":1}', json);
  expect(api.accepted.map(({ items }) => items)).toEqual([[{ messageId: 'm1' }], [{ messageId: 'm1' }]]);
});
