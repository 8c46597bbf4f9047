import { configure, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogQuery } from '../../api/catalog.ts';
import { ApiError } from '../../api/problem.ts';
import { previewWebhook, replaceWebhook } from '../../api/webhook-form.ts';
import { webhookQuery } from '../../api/webhooks.ts';
import { catalog } from '../../testing/catalog.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { EditWebhookPage } from './edit-webhook-page.tsx';

const saved = webhookOf(
  { version: 4, customHeaders: [{ name: 'X-Api-Key', value: '••••et' }], description: 'orders team' },
  { timeoutMs: 5_000 },
);

/** What the gateway answers. */
let shownFirst: typeof saved = saved;
beforeEach(() => {
  shownFirst = saved;
});

vi.mock('../../api/webhook-form.ts', async (original) => ({
  ...(await original<typeof import('../../api/webhook-form.ts')>()),
  previewWebhook: vi.fn(),
  replaceWebhook: vi.fn(),
}));
vi.mock('../../api/webhooks.ts', async (original) => {
  const actual = await original<typeof import('../../api/webhooks.ts')>();
  return {
    ...actual,
    webhookQuery: (id: string) => ({ ...actual.webhookQuery(id), queryFn: async () => shownFirst }),
  };
});

beforeEach(() => {
  vi.mocked(previewWebhook).mockResolvedValue({
    method: 'POST',
    url: saved.url,
    headers: [],
    body: 'exact',
    warnings: [],
  });
  vi.mocked(replaceWebhook).mockResolvedValue({ ...saved, version: 5 });
});
afterEach(() => vi.clearAllMocks());
configure({ defaultHidden: true });

async function open(search = '') {
  const shown = await renderPage({
    path: '/a/$accountId/webhooks/$webhookId/edit',
    at: `/a/acc_1/webhooks/${saved.id}/edit${search}`,
    page: EditWebhookPage,
    prepare(queryClient) {
      queryClient.setQueryData(catalogQuery.queryKey, catalog);
      // As it was when somebody last looked at it.
      queryClient.setQueryData(webhookQuery(saved.id).queryKey, {
        ...saved,
        version: 3,
        url: 'https://old.example/',
      });
    },
  });
  await screen.findByText('Save Changes');
  return shown;
}

const value = (label: RegExp | string) => screen.getByLabelText<HTMLInputElement>(label).value;

describe('Edit webhook', () => {
  it('is saved by Save Changes, of inbound messages too', async () => {
    shownFirst = { ...saved, product: 'whatsapp', reportType: 'mo', parameterNames: {} };
    await open();
    expect(screen.getByRole('button', { name: 'Save Changes' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Required Parameters' })).toBeNull();
  });

  it('begins with the webhook as it is now', async () => {
    const { user } = await open();
    expect(value(/^Webhook \(URL Endpoint\)/)).toBe('https://example.com/dlr');
    expect(value(/^Message ID Parameter/)).toBe('msg_id');
    expect(value('Custom header 1, value')).toBe('••••et');
    expect(screen.getByText(/An answer within 5 seconds\./)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Change the delivery settings' }));
    expect(value('Timeout, in seconds')).toBe('5');
    expect(value('Requests at a time')).toBe('');
    expect(screen.getByText('Unless given: up to 50')).toBeTruthy();
  });

  it('takes over a rate that another page proposes, and saves it when asked', async () => {
    const { user } = await open('?ratePerSecond=9.7');
    expect(value('Requests a second')).toBe('9.7');
    expect(document.activeElement).toBe(screen.getByLabelText('Requests a second'));
    expect(vi.mocked(replaceWebhook)).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Save Changes' }));
    await waitFor(() => expect(vi.mocked(replaceWebhook)).toHaveBeenCalledOnce());
    expect(vi.mocked(replaceWebhook).mock.calls[0]?.[2].settings).toMatchObject({ ratePerSecond: 9.7 });
  });

  it('previews and saves with the header values that are hidden as they are', async () => {
    const { user } = await open();
    await user.click(screen.getByLabelText('Description'));
    await user.paste(' and returns');
    await waitFor(() => expect(screen.getByText(/exact/)).toBeTruthy());
    expect(vi.mocked(previewWebhook).mock.calls[0]?.[0]).toMatchObject({
      accountId: 'acc_1',
      webhookId: saved.id,
    });
    await user.click(screen.getByRole('button', { name: 'Save Changes' }));
    expect(await screen.findByText(`Elsewhere: /a/acc_1/webhooks/${saved.id}`)).toBeTruthy();
    expect(vi.mocked(replaceWebhook).mock.calls).toMatchObject([
      [
        saved.id,
        4,
        {
          description: 'orders team and returns',
          customHeaders: [{ name: 'X-Api-Key', value: '••••et' }],
          settings: { timeoutMs: 5_000, maxConcurrency: 50 },
        },
      ],
    ]);
  });

  it('lets one choose when somebody else was faster', async () => {
    vi.mocked(replaceWebhook).mockRejectedValueOnce(
      new ApiError({
        status: 409,
        code: 'conflict',
        title: 'Conflict',
        detail: 'It is at version 5, not 4.',
      }),
    );
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Save Changes' }));
    expect(await screen.findByText('It is at version 5, not 4.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save mine over it' }));
    expect(await screen.findByText(`Elsewhere: /a/acc_1/webhooks/${saved.id}`)).toBeTruthy();
    expect(vi.mocked(replaceWebhook).mock.calls.map(([, version]) => version)).toEqual([4, null]);
  });

  it('opens the settings where one of them is wrong', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Change the delivery settings' }));
    await user.click(screen.getByLabelText('Timeout, in seconds'));
    await user.paste('0');
    await user.click(screen.getByRole('button', { name: 'Close the delivery settings' }));
    await user.click(screen.getByRole('button', { name: 'Save Changes' }));
    expect(await screen.findByText('Must be from 1 second to 30 seconds.')).toBeTruthy();
    expect(replaceWebhook).not.toHaveBeenCalled();
  });
});
