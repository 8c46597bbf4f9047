import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import type { App } from '../app-types.ts';
import { sampleDelivery } from '../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';
import { auditCalls } from './audit-calls.ts';
import type { AuditRule } from './rule.ts';

interface Entry {
  readonly at: string;
  readonly accountId: string | null;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string | null } | null;
  readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
  readonly ip: string | null;
}

let clock: ManualClock;
let api: HttpFixture;
let key: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  key = await api.accountKey('acc_1', 'admin');
});
afterEach(() => api.app.close());

/** Oldest first. */
async function entries(query = ''): Promise<Entry[]> {
  const { status, body } = await api.call('GET', `/v1/audit${query}`);
  expect(status).toBe(200);
  return (body.data as Entry[]).toReversed();
}

async function actions(): Promise<string[]> {
  return (await entries()).map(({ action, target }) => `${action} ${target?.type} ${target?.name}`);
}

async function post(url: string, body?: object, status = 201): Promise<Record<string, never>> {
  const answer = await api.call('POST', url, body, { key });
  expect(answer.status, answer.text).toBe(status);
  return answer.body;
}

describe('the audit log', () => {
  it('says who did what to what, when, and from where', async () => {
    const { id } = await post('/v1/webhooks', { ...smsDlr, description: 'Our reports' });
    const [entry] = await entries();
    expect(entry).toEqual({
      id: expect.any(String),
      at: '2026-11-22T10:00:00.000Z',
      accountId: 'acc_1',
      actor: { kind: 'key', id: expect.stringMatching(/^key_/), name: 'test' },
      action: 'webhook.created',
      target: { type: 'webhook', id, name: 'Our reports' },
      changes: [],
      ip: '127.0.0.1',
    });
  });

  it('says of a restored webhook which one it is', async () => {
    Object.assign(api.services.history, { listDeliveries: async () => ({ data: [], nextCursor: null }) });
    const { id } = await post('/v1/webhooks', { ...smsDlr, description: 'Our reports' });
    await api.call('DELETE', `/v1/webhooks/${id}`);
    expect((await api.call('POST', `/v1/webhooks/${id}/restore`)).status).toBe(200);
    expect((await entries()).at(-1)).toMatchObject({
      ...{ accountId: 'acc_1', action: 'webhook.restored', changes: [] },
      target: { type: 'webhook', id, name: 'Our reports' },
    });
  });

  it('tells of a webhook from its creation to its end', async () => {
    const { id } = await post('/v1/webhooks', smsDlr);
    await post(`/v1/webhooks/${id}/disable`, undefined, 200);
    await post(`/v1/webhooks/${id}/enable`, undefined, 200);
    await post(`/v1/webhooks/${id}/enable`, undefined, 200);
    await post(`/v1/webhooks/${id}/secret/rotate`, undefined, 200);
    await post(`/v1/webhooks/${id}/test`, undefined, 200);
    await post('/v1/webhooks/test', smsDlr, 200);
    await post('/v1/webhooks/test', { ...smsDlr, webhookId: id }, 200);
    await api.call('DELETE', `/v1/webhooks/${id}`, undefined, { key });
    const found = await entries();
    expect(found.map(({ action, changes }) => [action, changes])).toEqual([
      ['webhook.created', []],
      ['webhook.disabled', [{ field: 'status', from: 'enabled', to: 'disabled' }]],
      ['webhook.enabled', [{ field: 'status', from: 'disabled', to: 'enabled' }]],
      ['webhook.enabled', []],
      ['webhook.secretRotated', [{ field: 'secret', from: '••••', to: '••••' }]],
      ['webhook.tested', []],
      ['webhook.tested', [{ field: 'url', from: null, to: 'https://example.com/dlr' }]],
      ['webhook.tested', [{ field: 'url', from: null, to: 'https://example.com/dlr' }]],
      ['webhook.deleted', []],
    ]);
    for (const { action, target, accountId } of found) {
      expect(accountId).toBe('acc_1');
      if (action === 'webhook.tested' && target === null) continue;
      expect(target).toEqual({ type: 'webhook', id, name: 'https://example.com/dlr' });
    }
  });

  it('says what an update changed, and names headers and parameters without their values', async () => {
    const secret = 'Bearer s3cret-value';
    const before = {
      ...smsDlr,
      url: 'https://example.com/dlr?token=hunter2',
      customHeaders: [
        { name: 'Authorization', value: secret },
        { name: 'X-Same', value: 'same-value' },
      ],
      customParameters: [{ name: 'campaign', value: 'winter-sale' }],
    };
    const { id } = await post('/v1/webhooks', before);
    const after = {
      ...before,
      method: 'JSON',
      url: 'https://example.com/dlr?token=hunter3',
      description: 'New',
      parameterNames: { ...smsDlr.parameterNames, messageId: 'mid' },
      customHeaders: [
        { name: 'authorization', value: `${secret}-2` },
        { name: 'X-Same', value: 'same-value' },
      ],
      customParameters: [{ name: 'source', value: 'summer-sale' }],
      settings: { timeoutMs: 5_000, success: { codes: [200, 201] } },
    };
    const answer = await api.call('PUT', `/v1/webhooks/${id}`, after, { key });
    expect(answer.status, answer.text).toBe(200);
    const entry = (await entries()).at(-1);
    expect(entry?.action).toBe('webhook.updated');
    expect(entry?.changes).toEqual([
      { field: 'method', from: 'GET', to: 'JSON' },
      { field: 'description', from: null, to: 'New' },
      { field: 'url', from: 'https://example.com/dlr?…', to: 'https://example.com/dlr?…' },
      { field: 'parameterNames.messageId', from: 'msg_id', to: 'mid' },
      { field: 'customParameters.campaign', from: '••••', to: null },
      { field: 'customParameters.source', from: null, to: '••••' },
      { field: 'customHeaders.authorization', from: '••••', to: '••••' },
      { field: 'settings.moFormat', from: 'flat', to: 'whatsapp' },
      { field: 'settings.moMessage', from: false, to: true },
      { field: 'settings.timeoutMs', from: 15_000, to: 5_000 },
      { field: 'settings.success.codes', from: null, to: [200, 201] },
    ]);
    const all = JSON.stringify(await entries());
    for (const hidden of ['s3cret', 'hunter', 'winter', 'summer', 'same-value', 'whsec_']) {
      expect(all).not.toContain(hidden);
    }
  });

  it('tells of accounts, keys and senders, by the names that they had', async () => {
    await api.call('POST', '/v1/accounts', { id: 'acc_2', name: 'Acme' });
    await api.call('PATCH', '/v1/accounts/acc_2', { name: 'Acme Retail' });
    const made = await api.call('POST', '/v1/accounts/acc_2/keys', { name: 'CI', scopes: ['webhooks:read'] });
    await api.call('DELETE', `/v1/accounts/acc_2/keys/${made.body.id}`);
    const number = {
      accountId: 'acc_2',
      product: 'whatsapp',
      productUniqueId: '919999999999',
      label: 'Shop',
    };
    const sender = await api.call('POST', '/v1/senders', number);
    await api.call('DELETE', `/v1/senders/${sender.body.id}`);
    expect(await actions()).toEqual([
      'account.created account Acme',
      'account.changed account Acme Retail',
      'key.created key CI',
      'key.deleted key CI',
      'sender.created sender Shop (919999999999)',
      'sender.deleted sender Shop (919999999999)',
    ]);
    const found = await entries('?accountId=acc_2');
    expect(found).toHaveLength(6);
    expect(found[1]?.changes).toEqual([{ field: 'name', from: 'Acme', to: 'Acme Retail' }]);
    expect(found[2]?.changes).toEqual([{ field: 'scopes', from: null, to: ['webhooks:read'] }]);
    expect(JSON.stringify(found)).not.toContain(made.body.key);
    expect(found[0]?.actor).toEqual({
      kind: 'operatorKey',
      id: 'environment',
      name: 'of the configuration',
    });
    // Of a deleted account nothing is shown but its end, which is the platform's.
    await api.call('DELETE', '/v1/accounts/acc_2');
    expect(await actions()).toEqual(['account.deleted account Acme Retail']);
    expect(await entries('?accountId=acc_2')).toEqual([]);
  });

  it('tells of replays, of one and of many, with what was asked for', async () => {
    const { id } = await post('/v1/webhooks', smsDlr);
    api.deliveries.set('dlv_1', sampleDelivery('acc_1', id));
    await post('/v1/deliveries/dlv_1/replay', undefined, 202);
    await post('/v1/deliveries/replay', { webhookId: id, mobileNumber: '919812345678' }, 202);
    await post(`/v1/webhooks/${id}/recover`, { from: '2026-11-22T09:00:00.000Z' }, 202);
    await post('/v1/tasks/task_1/cancel', undefined, 200);
    const [, one, many, recover, cancelled] = await entries();
    expect(one).toMatchObject({ action: 'delivery.replayed', target: { id: 'dlv_1' }, accountId: 'acc_1' });
    expect(many).toMatchObject({
      action: 'task.created',
      target: { type: 'task', id: 'task_1', name: 'replay' },
      changes: expect.arrayContaining([
        { field: 'states', from: null, to: ['failed'] },
        { field: 'webhookId', from: null, to: id },
        { field: 'mobileNumber', from: null, to: '••••••••5678' },
      ]),
    });
    expect(recover?.changes).toContainEqual({ field: 'from', from: null, to: '2026-11-22T09:00:00.000Z' });
    expect(cancelled).toMatchObject({ action: 'task.cancelled', changes: [] });
  });

  it('tells of a link into the portal, and of who came by it', async () => {
    const made = await api.call('POST', '/v1/accounts/acc_1/portal-links', {
      role: 'owner',
      name: 'Asha Rao',
    });
    const token = new URLSearchParams(new URL(String(made.body.url)).hash.slice(1)).get('token');
    const entered = await api.call('POST', '/v1/session/portal-link', { token }, { key: null });
    const { id } = (await api.call('POST', '/v1/webhooks', smsDlr, { key: String(entered.body.token) })).body;
    const guest = { kind: 'portalLink', id: made.body.id, name: 'Asha Rao' };
    expect(await entries()).toMatchObject([
      {
        accountId: 'acc_1',
        action: 'portalLink.created',
        actor: { kind: 'operatorKey' },
        target: { type: 'portalLink', id: made.body.id, name: 'Asha Rao' },
        changes: [{ field: 'role', from: null, to: 'owner' }],
      },
      { accountId: 'acc_1', action: 'portalLink.used', actor: guest, target: { id: made.body.id } },
      { accountId: 'acc_1', action: 'webhook.created', actor: guest, target: { id } },
    ]);
    expect(JSON.stringify(await entries())).not.toMatch(/hw[lp]_/);
  });

  it('tells nothing of calls that fail or change nothing', async () => {
    await api.call('POST', '/v1/webhooks', { ...smsDlr, url: 'nonsense' }, { key });
    await api.call('DELETE', '/v1/webhooks/wh_none', undefined, { key });
    await api.call('POST', '/v1/webhooks', smsDlr, { key: 'hw_unknown' });
    await api.call('POST', '/v1/webhooks/preview', smsDlr, { key });
    await api.call('POST', '/v1/events', {}, { key });
    await api.call('DELETE', '/v1/session', undefined, { key: null });
    expect(await entries()).toEqual([]);
  });

  it('is for operators and the account’s own admin, who sees only the account', async () => {
    await api.accountKey('acc_2', 'admin');
    const other = await api.accountKey('acc_2', 'admin');
    const reader = await api.accountKey('acc_1', 'webhooks:write', 'deliveries:read');
    await post('/v1/webhooks', smsDlr);
    const seen = async (as: string, query = '') =>
      api.call('GET', `/v1/audit${query}`, undefined, { key: as });
    expect((await seen(key)).body.data).toHaveLength(1);
    expect((await seen(other)).body.data).toHaveLength(0);
    expect((await seen(reader)).status).toBe(403);
    expect((await seen(other, '?accountId=acc_1')).status).toBe(404);
  });

  it('is found by actor, action, target and time', async () => {
    const { id } = await post('/v1/webhooks', smsDlr);
    clock.advance(60_000);
    await post(`/v1/webhooks/${id}/disable`, undefined, 200);
    const found = async (query: string) => (await entries(query)).map(({ action }) => action);
    expect(await found('?actor=test&action=webhook.created')).toEqual(['webhook.created']);
    expect(await found(`?target=${id}`)).toEqual(['webhook.created', 'webhook.disabled']);
    expect(await found('?target=other')).toEqual([]);
    expect(await found('?from=2026-11-22T10:01:00.000Z')).toEqual(['webhook.disabled']);
    expect(await found('?to=2026-11-22T10:01:00.000Z')).toEqual(['webhook.created']);
    expect((await api.call('GET', '/v1/audit?action=webhook.eaten')).status).toBe(422);
    expect((await api.call('GET', '/v1/audit?from=yesterday')).status).toBe(422);
  });

  it('fails no call when what was before cannot be looked up', async () => {
    Reflect.set(api.services.directory, 'getAccount', async () => {
      throw new Error('store');
    });
    const renamed = await api.call('PATCH', '/v1/accounts/acc_1', { name: 'New' });
    expect(renamed.status).toBe(200);
  });

  it('has a rule for every route that may change something', () => {
    const app: App = fastify();
    auditCalls(app, api.services);
    const route = (method: string, url: string, audit?: AuditRule) => () =>
      app.route({ method, url, config: audit ? { audit } : {}, handler: async () => ({}) });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(route(method, '/v1/new')).toThrow(
        `${method} /v1/new does not say what the audit log tells of it.`,
      );
    }
    expect(route('GET', '/v1/new')).not.toThrow();
    expect(
      route('POST', '/v1/changed', { action: 'webhook.updated', describer: { describe: () => null } }),
    ).not.toThrow();
    expect(route('POST', '/v1/looked', 'nothing')).not.toThrow();
  });
});
