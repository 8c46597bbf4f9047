import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';

let api: HttpFixture;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
});
afterEach(() => api.app.close());

describe('an account', () => {
  it('is created, read, renamed and deleted', async () => {
    const created = await api.call('POST', '/v1/accounts', { name: 'Acme' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^acc_[0-9a-z]{16}$/),
      name: 'Acme',
      createdAt: '2026-11-22T10:00:00.000Z',
      limits: expect.objectContaining({ webhooks: null }),
      keep: { payloadDays: null, logDays: null },
    });
    const path = `/v1/accounts/${created.body.id}`;
    expect(created.headers.location).toBe(path);
    expect((await api.call('GET', path)).body).toEqual(created.body);
    expect((await api.call('PATCH', path, { name: 'Acme 2' })).body.name).toBe('Acme 2');
    const deleted = await api.call('DELETE', path);
    expect([deleted.status, deleted.body]).toEqual([202, { taskId: 'task_erasure_1' }]);
    expect(deleted.headers.location).toBe('/v1/tasks/task_erasure_1');
    const again = await api.call('POST', '/v1/accounts', { id: created.body.id, name: 'Again' });
    expect(again.body.detail).toContain(
      'still being deleted: its id is free when the task task_erasure_1 has ended',
    );
    expect(api.told).toEqual([`account deleted ${created.body.id}`]);
    for (const method of ['GET', 'DELETE'] as const) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PATCH', path, { name: 'x' })).status).toBe(404);
  });

  it('may have the id of the platform, once', async () => {
    expect((await api.call('POST', '/v1/accounts', { name: 'a', id: 'cust-42' })).body.id).toBe('cust-42');
    expect((await api.call('POST', '/v1/accounts', { name: 'b', id: 'cust-42' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it.each(['../x', 'a b', '', '.a', 'x'.repeat(65)])('cannot have the id %j', async (id) => {
    const answer = await api.call('POST', '/v1/accounts', { name: 'a', id });
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ path: 'id', message: /^must be at most 64/ }],
    });
  });

  it('may have its own times, each by itself, until they are taken away', async () => {
    const made = { name: 'B', id: 'b', keep: { payloadDays: 7 } };
    expect((await api.call('POST', '/v1/accounts', made)).body.keep).toEqual({
      payloadDays: 7,
      logDays: null,
    });
    const keepAfter = async (keep: object) =>
      (await api.call('PATCH', '/v1/accounts/b', { keep })).body.keep as unknown;
    expect(await keepAfter({ logDays: 90 })).toEqual({ payloadDays: 7, logDays: 90 });
    expect(await keepAfter({ payloadDays: 0, logDays: 0 })).toEqual({ payloadDays: 0, logDays: 0 });
    expect(await keepAfter({ payloadDays: null, logDays: null })).toEqual({
      payloadDays: null,
      logDays: null,
    });
    expect((await api.call('PATCH', '/v1/accounts/b', { name: 'C' })).body).toMatchObject({ name: 'C' });
  });

  it.each([
    [{ payloadDays: 401 }, 'keep.payloadDays'],
    [{ payloadDays: 0 }, 'keep.payloadDays'],
    [{ logDays: 29 }, 'keep.logDays'],
    [{ payloadDays: 10, logDays: 9 }, 'keep.payloadDays'],
    [{ payloadDays: -1 }, 'keep.payloadDays'],
    [{ logDays: 36_501 }, 'keep.logDays'],
    [{ logDays: '9' }, 'keep.logDays'],
    [{ days: 9 }, 'keep.days'],
  ])('cannot keep %j where all keep 30 and 400 days', async (keep, path) => {
    await api.createAccount('b');
    const refused = { status: 422, errors: [{ path }] };
    expect((await api.call('PATCH', '/v1/accounts/b', { keep })).body).toMatchObject(refused);
    expect((await api.call('POST', '/v1/accounts', { name: 'C', keep })).body).toMatchObject(refused);
  });

  it('is kept from changing its own times', async () => {
    const key = await api.accountKey('acc_1', 'admin');
    const asked = await api.call('PATCH', '/v1/accounts/acc_1', { keep: { payloadDays: 1 } }, { key });
    expect(asked.status).toBe(403);
  });

  it('is listed in pages', async () => {
    for (const id of ['a1', 'a2', 'a3']) await api.createAccount(id);
    const first = await api.call('GET', '/v1/accounts?limit=2');
    expect(first.body.data).toMatchObject([{ id: 'a3' }, { id: 'a2' }]);
    const second = await api.call('GET', `/v1/accounts?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ id: 'a1' }], nextCursor: null });
  });
});

describe('a key', () => {
  it('is shown once and works', async () => {
    await api.createAccount('acc_1');
    const made = await api.call('POST', '/v1/accounts/acc_1/keys', { name: 'ci', scopes: ['webhooks:read'] });
    expect(made.status).toBe(201);
    const { key, ...rest } = made.body;
    expect(key).toMatch(/^hw_/);
    expect(rest).toMatchObject({ accountId: 'acc_1', name: 'ci', scopes: ['webhooks:read'] });
    expect((await api.call('GET', '/v1/accounts/acc_1/keys')).body).toEqual({
      data: [rest],
      nextCursor: null,
    });
    expect((await api.call('GET', '/v1/webhooks', undefined, { key: String(key) })).status).toBe(200);
  });

  it.each([
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['admin', 'admin'] }, 'scopes'],
    [{ name: 'x', scopes: ['events:rite'] }, 'scopes[0]'],
    [{ scopes: ['admin'] }, 'name'],
  ])('cannot be made of %j', async (body, path) => {
    await api.createAccount('acc_1');
    const answer = await api.call('POST', '/v1/accounts/acc_1/keys', body);
    expect(answer.body).toMatchObject({ status: 422, errors: [{ path }] });
  });

  it('needs an account that exists', async () => {
    const body = { name: 'x', scopes: ['admin'] };
    expect((await api.call('POST', '/v1/accounts/acc_none/keys', body)).status).toBe(404);
    expect((await api.call('GET', '/v1/accounts/acc_none/keys')).status).toBe(404);
  });

  it("may be managed by the account's own admin", async () => {
    const key = await api.accountKey('acc_1', 'admin');
    const made = await api.call('POST', '/v1/accounts/acc_1/keys', { name: 'x', scopes: ['admin'] }, { key });
    expect(made.status).toBe(201);
    const path = `/v1/accounts/acc_1/keys/${made.body.id}`;
    expect(made.headers.location).toBe(path);
    expect((await api.call('DELETE', path, undefined, { key })).status).toBe(204);
    expect((await api.call('DELETE', path, undefined, { key })).status).toBe(404);
  });
});

it("The operator's own account cannot be deleted", async () => {
  await api.createAccount('operator');
  expect((await api.call('DELETE', '/v1/accounts/operator')).body).toMatchObject({ code: 'conflict' });
  expect((await api.call('GET', '/v1/accounts/operator')).status).toBe(200);
});

describe('a sender', () => {
  const number = { accountId: 'acc_1', product: 'whatsapp', productUniqueId: '919999999999' };

  it('is registered once, listed and removed', async () => {
    await api.createAccount('acc_1');
    const created = await api.call('POST', '/v1/senders', { ...number, label: 'Main' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...number, label: 'Main', id: expect.stringMatching(/^snd_/) });
    expect(created.headers.location).toBe(`/v1/senders/${created.body.id}`);
    expect((await api.call('POST', '/v1/senders', number)).body.code).toBe('conflict');
    expect((await api.call('GET', '/v1/senders?product=whatsapp')).body.data).toEqual([created.body]);
    expect((await api.call('GET', '/v1/senders?product=sms')).body.data).toEqual([]);
    expect((await api.call('GET', '/v1/senders?accountId=acc_2')).body.data).toEqual([]);
    expect((await api.call('DELETE', `/v1/senders/${created.body.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/senders/${created.body.id}`)).status).toBe(404);
  });

  it.each([
    [{ ...number, product: 'sms' }, 'product'],
    [{ ...number, product: 'hookwire' }, 'product'],
    [{ ...number, productUniqueId: '+91 99' }, 'productUniqueId'],
    [{ ...number, color: 'red' }, 'color'],
  ])('cannot be made of %j', async (body, path) => {
    await api.createAccount('acc_1');
    expect((await api.call('POST', '/v1/senders', body)).body).toMatchObject({
      status: 422,
      errors: [{ path }],
    });
  });
});
