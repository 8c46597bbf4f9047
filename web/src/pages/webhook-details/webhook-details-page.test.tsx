import { notifications } from '@mantine/notifications';
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Role } from '../../session/session.ts';
import { catalog } from '../../testing/catalog.ts';
import { playGateway } from '../../testing/fake-gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { WebhookDetailsPage } from './webhook-details-page.tsx';

// The test's browser has no canvas.
vi.mock('../../ui/charts/plot.tsx', () => ({ Plot: () => null }));
const nothing = { p50: null, p95: null, p99: null };
const hour = {
  from: '2026-11-22T10:00:00.000Z',
  to: '2026-11-22T11:00:00.000Z',
  attempts: 13,
  delivered: 10,
  failed: 1,
  errors: { timeout_headers: 2, status: 1 },
  durationMs: nothing,
  latencyMs: { p50: 84, p95: 1_200, p99: 4_000 },
};
const task = {
  id: 'task_1',
  accountId: 'acc_1',
  kind: 'recover',
  filter: { webhookId: 'wh_1', from: '2026-11-22T10:00:00.000Z' },
  states: ['failed'],
  state: 'running',
  reason: null,
  total: 10,
  done: 3,
  failed: 1,
  skipped: 0,
  createdAt: '2026-11-22T10:30:00.000Z',
  finishedAt: null,
};
const delivery = {
  id: 'dlv_1',
  eventId: 'evt_1',
  accountId: 'acc_1',
  webhookId: 'wh_1',
  messageId: '000123',
  mobileNumber: '919812345678',
  status: 'delivered',
  state: 'delivered',
  attemptCount: 1,
  statusCode: 200,
  errorClass: null,
  acceptedAt: '2026-11-22T10:15:30.000Z',
};
const page = (...data: unknown[]) => ({ data, nextCursor: null });
const webhook = webhookOf({ id: 'wh_1' });
const failing = { ...webhook, failingSince: '2026-11-22T10:00:00.000Z' };
const disabled = { ...failing, status: 'disabled', disabledReason: 'failing' } as const;

const usual = {
  'GET /v1/webhooks/wh_1': webhook,
  'GET /v1/webhooks/wh_1/stats': { bucket: 'hour', data: [hour], total: hour, learntRate: null },
  'GET /v1/deliveries': page(delivery),
  'GET /v1/catalog': catalog,
  'GET /v1/tasks': page(),
  'GET /v1/tasks/task_1': task,
};

function open(search = '', role: Role = 'developer') {
  return renderPage({
    path: '/a/$accountId/webhooks/$webhookId',
    at: `/a/acc_1/webhooks/wh_1${search}`,
    page: WebhookDetailsPage,
    role,
  });
}

beforeEach(() => notifications.clean());

describe('View Details', () => {
  it('opens with the whole configuration, in the words of the form', async () => {
    playGateway({
      ...usual,
      'GET /v1/webhooks/wh_1': webhookOf({
        ...{ id: 'wh_1', product: 'whatsapp', method: 'XML', productUniqueId: '919999999999' },
        description: 'orders team',
        parameterNames: { ...webhook.parameterNames, status: 'how_far' },
        customParameters: [{ name: 'tenant', value: '42' }],
        customHeaders: [{ name: 'X-Api-Key', value: '••••et' }],
      }),
    });
    await open('', 'viewer');
    const shown = await screen.findByRole('region', { name: 'Configuration' });
    await within(shown).findByText('Waba Number');
    const facts = Object.fromEntries(
      Array.from(shown.querySelectorAll('dt'), (name) => [
        name.textContent,
        name.nextElementSibling?.textContent,
      ]),
    );
    expect(facts).toMatchObject({
      Product: 'WhatsApp',
      'Webhook Server Send Method': 'XML',
      'Webhook Report Type': 'DLR',
      'Waba Number': '919999999999',
      'Webhook (URL Endpoint)': 'https://example.com/dlr',
      Description: 'orders team',
      'Transaction ID Parameter': 'txn_id',
      'Message ID Parameter': 'msg_id',
      'Error Code Parameter': 'error_code',
      'Mobile Number Parameter': 'mobile',
      'Received Time Parameter': 'received_time',
      'Delivered Time Parameter': 'delivered_time',
      'Status Parameter': 'how_far',
      tenant: '42',
      'X-Api-Key': '••••et',
    });
    expect(facts['When it counts as delivered']).toContain('any 2xx status');
    for (const title of ['Required Parameters', 'Custom Parameters', 'Custom Headers']) {
      expect(within(shown).getByRole('heading', { name: title })).toBeTruthy();
    }
    // The figures stand beside it at once.
    expect(await screen.findByText('90.91 %')).toBeTruthy();
  });

  it('shows figures, why attempts failed, and the latest deliveries', async () => {
    const { calls } = playGateway(usual);
    await open('?range=7d');
    expect(await screen.findByText('90.91 %')).toBeTruthy();
    expect(screen.getByText('1.2 s')).toBeTruthy();
    expect(await screen.findByText('Connected, but no answer in time')).toBeTruthy();
    expect((await screen.findByRole('link', { name: '000123' })).getAttribute('href')).toBe(
      '/a/acc_1/deliveries?webhookId=wh_1&delivery=dlv_1',
    );
    expect(screen.getByRole('link', { name: 'All deliveries of this webhook' }).getAttribute('href')).toBe(
      '/a/acc_1/deliveries?webhookId=wh_1',
    );
    const asked = calls.find(({ what }) => what.endsWith('/stats'))?.search;
    expect(asked?.bucket).toBe('hour');
    expect((Date.now() - Date.parse(asked?.from ?? '')) / 86_400_000).toBeCloseTo(7, 2);
  });

  describe('of an endpoint that has said how much it takes', () => {
    const learntRate = { perSecond: 9.7, at: '2026-11-22T10:15:30.000Z' };
    const stats = { bucket: 'hour', data: [hour], total: hour, learntRate };
    const answers = { ...usual, 'GET /v1/webhooks/wh_1/stats': stats };

    it('offer that as the rate', async () => {
      playGateway(answers);
      await open();
      const link = await screen.findByRole('link', { name: 'Use this as its rate' });
      expect(link.getAttribute('href')).toBe('/a/acc_1/webhooks/wh_1/edit?ratePerSecond=9.7');
    });

    it.each([
      ['to whoever may not change it', webhook, 'viewer'],
      ['where its rate is slower', webhookOf({ id: 'wh_1' }, { ratePerSecond: 5 }), 'developer'],
    ] as const)('only tell it %s', async (_, shown, role) => {
      playGateway({ ...answers, 'GET /v1/webhooks/wh_1': shown });
      await open('', role);
      expect(await screen.findByText('The endpoint takes about 9.7 requests a second')).toBeTruthy();
      expect(screen.queryByRole('link', { name: 'Use this as its rate' })).toBeNull();
    });
  });

  it('says that the webhook is not there', async () => {
    playGateway({ ...usual, 'GET /v1/webhooks/wh_1': undefined });
    await open();
    expect((await screen.findByRole('alert')).textContent).toContain('There is no');
  });

  it('keeps the secret hidden until it is asked for', async () => {
    const { calls } = playGateway({
      ...usual,
      'GET /v1/webhooks/wh_1/secret': { secret: 'whsec_abc', previous: [] },
    });
    const { user } = await open('?tab=secret');
    const reveal = await screen.findByRole('button', { name: 'Reveal' });
    expect(calls.some(({ what }) => what.endsWith('/secret'))).toBe(false);
    await user.click(reveal);
    expect(await screen.findByText('whsec_abc')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    expect(screen.queryByText('whsec_abc')).toBeNull();
  });

  it('changes the secret with an overlap, and says until when the one before signs', async () => {
    const { calls } = playGateway({
      ...usual,
      'POST /v1/webhooks/wh_1/secret/rotate': {
        secret: 'whsec_new',
        previous: [{ secret: 'whsec_old', expiresAt: '2026-11-23T10:00:00.000Z' }],
      },
      'GET /v1/webhooks/wh_1/secret': { secret: 'whsec_new', previous: [] },
    });
    const { user } = await open('?tab=secret');
    await user.click(await screen.findByRole('button', { name: 'Change the secret…' }));
    const dialog = within(await screen.findByRole('dialog'));
    const hours = dialog.getByLabelText('Overlap in hours');
    await user.clear(hours);
    await user.type(hours, '48');
    expect(dialog.getByText(/within 48 hours/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Change the secret' }));
    expect(await screen.findByText('whsec_new')).toBeTruthy();
    expect(screen.getByText('whsec_old')).toBeTruthy();
    const rotation = calls.find(({ what }) => what.startsWith('POST'));
    expect(rotation?.body).toEqual({ overlapHours: 48, signature: 'v1' });
  });

  it("changes to a secret of one's own, and shows the public key of a private one", async () => {
    const { calls } = playGateway({
      ...usual,
      'POST /v1/webhooks/wh_1/secret/rotate': { secret: 'whsk_own', publicKey: 'whpk_own', previous: [] },
      'GET /v1/webhooks/wh_1/secret': { secret: 'whsk_own', publicKey: 'whpk_own', previous: [] },
    });
    const { user } = await open('?tab=secret');
    await user.click(await screen.findByRole('button', { name: 'Change the secret…' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByLabelText('Use a secret that I have'));
    await user.type(dialog.getByLabelText('Your secret'), ' whsk_own ');
    await user.click(dialog.getByRole('button', { name: 'Change the secret' }));
    expect(await screen.findByText('whpk_own')).toBeTruthy();
    const rotation = calls.find(({ what }) => what.startsWith('POST'));
    expect(rotation?.body).toEqual({ overlapHours: 24, secret: 'whsk_own' });
  });

  it('tests with the sample that is chosen, without what the webhook says itself', async () => {
    const answer = {
      request: { method: 'POST', url: webhook.url, headers: [], body: '{}' },
      response: { statusCode: 204, headers: [], body: '', truncated: false },
      error: null,
      durationMs: 12,
      warnings: [],
    };
    const { calls } = playGateway({ ...usual, 'POST /v1/webhooks/wh_1/test': answer });
    const { user } = await open('?tab=test');
    await user.click(await screen.findByRole('combobox', { name: 'Sample' }));
    await user.click(await screen.findByRole('option', { name: 'Expired' }));
    await user.click(screen.getByRole('button', { name: 'Test Webhook' }));
    expect(await screen.findByText('HTTP 204')).toBeTruthy();
    const body = calls.find(({ what }) => what.endsWith('/test'))?.body as { event: object };
    expect(body.event).toMatchObject({ status: 'expired', errorCode: '004' });
    expect(body.event).not.toHaveProperty('product');
  });

  it('goes the way out of an outage: why, enable, send again since then', async () => {
    let now: object = disabled;
    const { calls } = playGateway({
      ...usual,
      'GET /v1/webhooks/wh_1': () => now,
      'POST /v1/webhooks/wh_1/enable': () => {
        now = webhook;
        return now;
      },
      'POST /v1/webhooks/wh_1/recover': { taskId: 'task_1' },
    });
    const { user } = await open();
    const outage = within(
      await screen.findByRole('region', { name: 'Disabled: the endpoint failed for days' }),
    );
    expect(await outage.findByText(/2 deliveries wait until it is enabled/)).toBeTruthy();
    expect(outage.getByRole('button', { name: 'Test Webhook' })).toBeTruthy();
    await user.click(outage.getByRole('button', { name: 'Enable' }));

    const after = within(await screen.findByRole('region', { name: /^Enabled, and the endpoint/ }));
    await user.click(after.getByRole('button', { name: 'Send again' }));
    await waitFor(() => expect(calls.some(({ what }) => what.endsWith('/recover'))).toBe(true));
    expect(calls.find(({ what }) => what.endsWith('/recover'))?.body).toEqual({
      from: '2026-11-22T10:00:00.000Z',
      states: ['failed'],
    });
  });

  it('shows what is sent again after a reload too, and cancels it', async () => {
    const { calls } = playGateway({
      ...usual,
      'GET /v1/webhooks/wh_1': failing,
      'GET /v1/tasks': page(task, { ...task, id: 'task_2', filter: { webhookId: 'wh_other' } }),
      'POST /v1/tasks/task_1/cancel': { ...task, state: 'cancelled' },
    });
    const { user } = await open();
    expect(await screen.findByText('3 of 10 delivered, 1 failed')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(calls.map(({ what }) => what)).toContain('POST /v1/tasks/task_1/cancel'));
  });

  it('writes a receiver for this webhook in the language that is chosen', async () => {
    playGateway(usual);
    const { user, router } = await open('?tab=receive');
    const node = await screen.findByRole('region', { name: 'Receiver in Node' });
    expect(node.textContent).toContain('report["txn_id"]');
    await user.click(screen.getByRole('radio', { name: 'Go' }));
    expect((await screen.findByRole('region', { name: 'Receiver in Go' })).textContent).toContain(
      'package main',
    );
    expect(router.state.location.search).toEqual({ tab: 'receive', language: 'go' });
  });

  it('shows a viewer neither a secret nor anything that changes something', async () => {
    const { calls } = playGateway({ ...usual, 'GET /v1/webhooks/wh_1': disabled });
    await open('?tab=secret', 'viewer');
    await screen.findByText('90.91 %');
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
      'Details',
      'Receive it',
    ]);
    expect(screen.getByText('Disabled: the endpoint failed for days')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Enable|Disable|More|Test|Send again/ })).toBeNull();
    expect(calls.some(({ what }) => what.includes('tasks') || what.includes('secret'))).toBe(false);
  });
});
