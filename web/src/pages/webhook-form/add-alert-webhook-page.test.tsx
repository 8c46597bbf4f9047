import { configure, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogQuery } from '../../api/catalog.ts';
import { createWebhook, previewWebhook } from '../../api/webhook-form.ts';
import { catalog } from '../../testing/catalog.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { AddAlertWebhookPage } from './add-webhook-page.tsx';

vi.mock('../../api/webhook-form.ts', async (original) => ({
  ...(await original<typeof import('../../api/webhook-form.ts')>()),
  previewWebhook: vi.fn(),
  createWebhook: vi.fn(),
}));

beforeEach(() => {
  vi.mocked(previewWebhook).mockResolvedValue({
    method: 'POST',
    url: '',
    headers: [],
    body: '',
    warnings: [],
  });
  vi.mocked(createWebhook).mockResolvedValue(
    webhookOf({ id: 'wh_new', product: 'hookwire', reportType: 'operations' }),
  );
});
afterEach(() => vi.clearAllMocks());
configure({ defaultHidden: true });

async function open() {
  const shown = await renderPage({
    path: '/a/$accountId/alerts/new',
    at: '/a/acc_1/alerts/new',
    page: AddAlertWebhookPage,
    prepare: (queryClient) => queryClient.setQueryData(catalogQuery.queryKey, catalog),
  });
  await screen.findByRole('heading', { name: 'Add alert webhook' });
  return shown;
}

describe('Add alert webhook', () => {
  it('asks where and which, and for no product, method, report type or names', async () => {
    await open();
    expect(screen.queryByRole('radiogroup')).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Required Parameters' })).toBeNull();
    const types = screen
      .getAllByRole('checkbox')
      .filter((one) => (one as HTMLInputElement).value.includes('.'))
      .map((one) => (one as HTMLInputElement).value);
    expect(types).toEqual(['webhook.failing', 'webhook.recovered', 'webhook.disabled', 'delivery.failed']);
  });

  it('saves what was chosen', async () => {
    const { user } = await open();
    await user.click(screen.getByLabelText(/^Webhook \(URL Endpoint\)/));
    await user.paste('https://acme.example/alerts');
    await user.click(screen.getByLabelText('A delivery failed for good'));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(createWebhook).toHaveBeenCalled());
    const [accountId, input] = vi.mocked(createWebhook).mock.calls[0] ?? [];
    expect(accountId).toBe('acc_1');
    expect(input).toMatchObject({
      ...{ product: 'hookwire', reportType: 'operations', method: 'JSON' },
      url: 'https://acme.example/alerts',
      settings: { statuses: ['webhook.failing', 'webhook.recovered', 'webhook.disabled'] },
    });
  });

  it('keeps the last kind, since none would mean all', async () => {
    const { user } = await open();
    for (const title of [
      'A webhook fails',
      'A webhook is well again',
      'A webhook was disabled',
      'A delivery failed for good',
    ]) {
      await user.click(screen.getByLabelText(title));
    }
    expect(screen.getByLabelText<HTMLInputElement>('A delivery failed for good').checked).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>('A webhook fails').checked).toBe(false);
  });
});
