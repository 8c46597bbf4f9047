import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testWebhook } from '../../../testing/factories.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';
import { smsDlr, whatsappMo } from '../../testing/webhook-bodies.ts';
import { noNeighbours } from './neighbours.ts';
import { warningsOf } from './warnings.ts';

let api: HttpFixture;
let key: string;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  key = await api.accountKey('acc_1', 'webhooks:read', 'webhooks:write', 'admin');
  for (const productUniqueId of ['911111111111', '922222222222'])
    await api.call('POST', '/v1/senders', { product: 'whatsapp', productUniqueId }, { key });
});
afterEach(() => api.app.close());

interface Answered {
  readonly id: string;
  readonly warnings: { readonly code: string; readonly message: string; readonly path?: string }[];
}

async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answered> {
  return (await api.call(method, path, body, { key })).body as unknown as Answered;
}
const create = (body: object) => call('POST', '/v1/webhooks', body);
const codes = ({ warnings }: Answered) => warnings.map(({ code }) => code);
const mo = { ...whatsappMo, method: 'JSON' };

describe('the same webhook a second time', () => {
  it('is warned of when it is made, listed, read, changed and previewed, each naming the other', async () => {
    const first = await create(smsDlr);
    expect(first.warnings).toEqual([]);
    const second = await create({ ...smsDlr, method: 'JSON', url: smsDlr.url.replace('https', 'HTTPS') });
    expect(codes(second)).toEqual(['same_webhook']);
    expect(second.warnings).toMatchObject([{ path: 'url', message: expect.stringContaining(first.id) }]);
    const again = await call('GET', `/v1/webhooks/${first.id}`);
    expect(again.warnings).toMatchObject([{ message: expect.stringContaining(second.id) }]);
    const listed = (await api.call('GET', '/v1/webhooks', undefined, { key })).body;
    expect((listed.data as Answered[]).map(codes)).toEqual([['same_webhook'], ['same_webhook']]);
    expect(codes(await call('POST', '/v1/webhooks/preview', smsDlr))).toEqual(['same_webhook']);
    expect(codes(await call('POST', '/v1/webhooks/test', smsDlr))).toEqual(['same_webhook']);
    // What GET answered may be sent back as a whole, and moved elsewhere it is one of a kind.
    const moved = await call('PUT', `/v1/webhooks/${first.id}`, { ...again, url: 'https://b.example/dlr' });
    expect(moved.warnings).toEqual([]);
    expect((await call('GET', `/v1/webhooks/${second.id}`)).warnings).toEqual([]);
  });

  it('is another one at another URL, of another number, for other statuses, or of another account', async () => {
    await create({ ...smsDlr, settings: { statuses: ['delivered'] } });
    expect(codes(await create({ ...smsDlr, settings: { statuses: ['failed', 'expired'] } }))).toEqual([]);
    expect(codes(await create({ ...smsDlr, url: 'https://example.com/other' }))).toEqual([]);
    await create({ ...mo, productUniqueId: '911111111111' });
    expect(codes(await create({ ...mo, productUniqueId: '922222222222' }))).toEqual([]);
    expect(codes(await create({ ...smsDlr, settings: { statuses: ['UNDELIV'] } }))).toEqual(['same_webhook']);
    await api.createAccount('acc_2');
    expect(codes(await create({ ...smsDlr, settings: { statuses: [' Delivered'] } }))).toEqual([
      'same_webhook',
    ]);
    const others = (await api.call('POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_2' })).body;
    expect((others as unknown as Answered).warnings).toEqual([]);
  });
});

it('a webhook for one number beside one for all numbers is warned of on both', async () => {
  const one = await create({ ...mo, productUniqueId: '911111111111' });
  expect(one.warnings).toEqual([]);
  const all = await create({ ...mo, productUniqueId: null, url: 'https://b.example/mo' });
  expect(all.warnings).toMatchObject([
    { code: 'number_beside_all', path: 'productUniqueId', message: expect.stringContaining(one.id) },
  ]);
  const read = await call('GET', `/v1/webhooks/${one.id}`);
  expect(read.warnings).toMatchObject([
    { code: 'number_beside_all', message: expect.stringContaining(all.id) },
  ]);
});

describe('a GET that may grow too long is warned of', () => {
  it('for every inbound message, in other words with the whole of it', async () => {
    const get = { ...mo, method: 'GET' };
    const [without, whole] = [await create(get), await create({ ...get, settings: { moMessage: true } })];
    const words = [without, whole].map(({ warnings }) => warnings.find(({ path }) => path === 'method'));
    expect(words).toMatchObject([{ code: 'url_may_grow_long' }, { code: 'url_may_grow_long' }]);
    expect(words[0]?.message).toContain('8,000 bytes');
    expect(words[1]?.message).toContain('leave "message" out');
    expect(codes(await create({ ...mo, method: 'POST', url: 'https://b.example/' }))).toEqual([]);
  });

  it('for delivery reports with long custom parameters', async () => {
    const customParameters = Array.from({ length: 8 }, (_, i) => ({ name: `p${i}`, value: 'é'.repeat(200) }));
    expect(codes(await create({ ...smsDlr, method: 'GET', customParameters }))).toEqual([
      'url_may_grow_long',
    ]);
    const short = { ...smsDlr, url: 'https://c.example/', customParameters: customParameters.slice(0, 2) };
    expect(codes(await create({ ...short, method: 'GET' }))).toEqual([]);
  });
});

it('what was saved before it was refused is warned of, at its place', () => {
  const webhook = testWebhook({
    method: 'GET',
    url: 'https://example.com/?m%6Fbile=1',
    customHeaders: [{ name: 'X-Key', value: 'a\u00a0b' }],
  });
  expect(warningsOf(webhook, noNeighbours(webhook))).toMatchObject([
    { code: 'name_in_query', path: 'parameterNames.mobileNumber' },
    { code: 'not_valid_any_more', path: 'customHeaders[0].value' },
  ]);
  expect(warningsOf({ ...webhook, method: 'POST', customHeaders: [] }, noNeighbours(webhook))).toMatchObject([
    { code: 'name_in_query', path: 'parameterNames.mobileNumber', message: expect.stringContaining('Java') },
  ]);
});

it('a preview and a test tell that their URL is too long', async () => {
  const customParameters = Array.from({ length: 8 }, (_, i) => ({ name: `p${i}`, value: 'é'.repeat(200) }));
  const long = await call('POST', '/v1/webhooks/preview', { ...smsDlr, method: 'GET', customParameters });
  expect(codes(long)).toContain('url_may_grow_long');
});
