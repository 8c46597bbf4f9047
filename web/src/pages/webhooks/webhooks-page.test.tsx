import { notifications } from '@mantine/notifications';
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../session/session.ts';
import { playGateway, Refusal } from '../../testing/fake-gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { forgetDeleted } from '../../ui/delete-webhook/deleted.ts';
import { WebhooksPage } from './webhooks-page.tsx';

const sms = webhookOf({ id: 'wh_sms', url: 'https://a.example/dlr', description: 'orders team' });
const whatsapp = webhookOf({
  id: 'wh_wa',
  url: 'https://b.example/in',
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  failingSince: '2026-11-22T10:00:00.000Z',
});
const stats = {
  from: '2026-11-21T10:00:00.000Z',
  to: '2026-11-22T10:00:00.000Z',
  bucketMs: 3_600_000,
  data: [{ webhookId: 'wh_sms', delivered: 999, failed: 1, attempts: 1000, successRate: 0.999, buckets: [] }],
};
const page = (...data: unknown[]) => ({ data, nextCursor: null });
const usual = {
  'GET /v1/webhooks': page(sms, whatsapp),
  'GET /v1/stats': stats,
  'GET /v1/deliveries': page({}, {}),
};

function open(at = '/a/acc_1/webhooks', role: Role = 'developer') {
  return renderPage({ path: '/a/$accountId/webhooks', at, page: WebhooksPage, role });
}

beforeEach(() => {
  notifications.clean();
  sessionStorage.clear();
  for (const id of ['wh_sms', 'wh_wa']) forgetDeleted(id);
});

describe('Manage Webhooks', () => {
  it('is called so', async () => {
    playGateway(usual);
    await open();
    expect(await screen.findByRole('heading', { level: 1, name: 'Manage Webhooks' })).toBeTruthy();
  });

  it('shows each webhook with all that the table is for', async () => {
    playGateway(usual);
    await open();
    const row = (await screen.findByText('https://b.example/in')).closest('tr');
    const cells = Array.from(row?.querySelectorAll('td') ?? [], (cell) => cell.textContent);
    expect(cells.slice(0, 7)).toEqual([
      ...['wh_wa', 'WhatsApp', 'https://b.example/in', 'MO', 'JSON', '919999999999', 'Failing'],
    ]);
    expect(await screen.findByText('99.9 %')).toBeTruthy();
    expect(screen.getByRole('img', { name: '999 delivered, 1 failed in the last 24 hours' })).toBeTruthy();
    const heads = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(heads).toEqual([
      ...['ID', 'Product', 'Webhook', 'Report Type', 'Server Method', 'Product Unique ID', 'Status'],
      ...['Success, 24\u00a0h', 'Action'],
    ]);
  });

  it('says what webhooks are for where there are none', async () => {
    playGateway({ ...usual, 'GET /v1/webhooks': page() });
    await open();
    expect(await screen.findByText('No webhooks yet')).toBeTruthy();
    expect(screen.getAllByRole('link', { name: 'Add webhook' })).toHaveLength(2);
    expect(screen.queryByRole('search')).toBeNull();
  });

  it('asks the gateway with what is typed and chosen, and says that nothing matches', async () => {
    const { calls } = playGateway({
      ...usual,
      'GET /v1/webhooks': ({ search }: { search: Record<string, string> }) =>
        search.q === 'zzz' ? page() : page(sms),
    });
    const { user, router } = await open('/a/acc_1/webhooks?product=sms');
    await screen.findByText('https://a.example/dlr');
    await user.type(screen.getByRole('searchbox'), 'zzz');
    expect(await screen.findByText('No webhook matches')).toBeTruthy();
    expect(calls.at(-1)?.search).toMatchObject({ q: 'zzz', product: 'sms', accountId: 'acc_1' });
    expect(router.state.location.search).toEqual({ product: 'sms', q: 'zzz' });
    await user.click(screen.getByRole('button', { name: 'Show all webhooks' }));
    expect(await screen.findByText('https://a.example/dlr')).toBeTruthy();
    expect(router.state.location.search).toEqual({});
  });

  it('says what went wrong, and tries again', async () => {
    let down = true;
    playGateway({
      ...usual,
      'GET /v1/webhooks': () => (down ? new Refusal(503, 'overloaded', 'Too busy.') : page(sms)),
    });
    const { user } = await open();
    expect((await screen.findByRole('alert')).textContent).toContain('Too busy.');
    down = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('https://a.example/dlr')).toBeTruthy();
  });

  it('sorts by a column, as the URL then says', async () => {
    playGateway(usual);
    const { user, router } = await open();
    await screen.findByText('https://a.example/dlr');
    const head = screen.getByRole('button', { name: /^Webhook/ });
    await user.click(head);
    await user.click(head);
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: '-webhook' }));
    const first = within(screen.getAllByRole('row')[1] as HTMLElement);
    expect(first.getByText('https://b.example/in')).toBeTruthy();
    expect(head.closest('th')?.getAttribute('aria-sort')).toBe('descending');
  });

  it('asks before a delete, says what stops, and offers the way back', async () => {
    let there = true;
    const { calls } = playGateway({
      ...usual,
      'GET /v1/webhooks': () => (there ? page(sms, whatsapp) : page(whatsapp)),
      'DELETE /v1/webhooks/wh_sms': () => {
        there = false;
        return null;
      },
      'POST /v1/webhooks/wh_sms/restore': () => {
        there = true;
        return { webhook: sms, taskId: null, note: null };
      },
    });
    const { user } = await open();
    await user.click(await screen.findByRole('button', { name: 'Delete https://a.example/dlr' }));
    const question = await screen.findByRole('dialog');
    expect(question.textContent).toContain('SMS DLR to https://a.example/dlr');
    await waitFor(() =>
      expect(question.textContent).toContain('4 deliveries that wait for it are not sent.'),
    );
    await user.click(within(question).getByRole('button', { name: 'Delete' }));

    await screen.findByText('Webhook deleted');
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Delete https://a.example/dlr' })).toBeNull(),
    );
    const way = await screen.findByRole('button', { name: 'Undo the delete of https://a.example/dlr' });
    await user.click(way);
    expect(await screen.findByRole('button', { name: 'Delete https://a.example/dlr' })).toBeTruthy();
    expect(calls.map(({ what }) => what)).toContain('POST /v1/webhooks/wh_sms/restore');
    expect(screen.queryByText('Recently deleted')).toBeNull();
  });

  it('offers a viewer nothing that changes anything', async () => {
    playGateway(usual);
    await open('/a/acc_1/webhooks', 'viewer');
    await screen.findByText('https://a.example/dlr');
    expect(screen.getAllByRole('link', { name: /View Details/ })).toHaveLength(2);
    expect(screen.queryByRole('link', { name: /Add webhook|Edit/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /Delete/ })).toBeNull();
  });
});
