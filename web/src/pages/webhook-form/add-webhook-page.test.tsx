import { configure, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Catalog, catalogQuery } from '../../api/catalog.ts';
import { ApiError } from '../../api/problem.ts';
import {
  createWebhook,
  numbersQuery,
  type PreviewedRequest,
  previewWebhook,
  type Trial,
  testUnsavedWebhook,
} from '../../api/webhook-form.ts';
import { webhookQuery } from '../../api/webhooks.ts';
import type { Role } from '../../session/session.ts';
import { catalog } from '../../testing/catalog.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { AddWebhookPage } from './add-webhook-page.tsx';

vi.mock('../../api/webhook-form.ts', async (original) => ({
  ...(await original<typeof import('../../api/webhook-form.ts')>()),
  previewWebhook: vi.fn(),
  testUnsavedWebhook: vi.fn(),
  createWebhook: vi.fn(),
}));

/** A request that tells what was asked for. */
function requestOf({ input, event }: Trial): PreviewedRequest {
  const body = JSON.stringify({ url: input.url, names: input.parameterNames, event });
  return { method: 'POST', url: input.url, headers: [['content-type', 'text/plain']], body, warnings: [] };
}

beforeEach(() => {
  vi.mocked(previewWebhook).mockImplementation(async (trial) => requestOf(trial));
});
afterEach(() => vi.clearAllMocks());
// Nothing is hidden by styles here, and to ask about each element takes long.
configure({ defaultHidden: true });

interface Opened {
  readonly role?: Role;
  readonly copyOf?: ReturnType<typeof webhookOf>;
  readonly known?: Catalog;
}

async function open({ role, copyOf, known = catalog }: Opened = {}) {
  const sender = { accountId: 'acc_1', product: 'whatsapp' as const, createdAt: '2026-11-20T10:00:00.000Z' };
  const shown = await renderPage({
    path: '/a/$accountId/webhooks/new',
    at: `/a/acc_1/webhooks/new${copyOf ? `?copyOf=${copyOf.id}` : ''}`,
    page: AddWebhookPage,
    ...(role && { role }),
    prepare(queryClient) {
      queryClient.setQueryData(catalogQuery.queryKey, known);
      queryClient.setQueryData(numbersQuery('acc_1', 'rcs' as never).queryKey, {
        data: [],
        nextCursor: null,
      });
      queryClient.setQueryData(numbersQuery('acc_1', 'whatsapp').queryKey, {
        data: [{ ...sender, id: 'snd_1', productUniqueId: '919999999999', label: 'Orders' }],
        nextCursor: null,
      });
      if (copyOf) queryClient.setQueryData(webhookQuery(copyOf.id).queryKey, copyOf);
    },
  });
  await screen.findByText('Add webhook');
  return shown;
}

const url = () => screen.getByLabelText(/^Webhook \(URL Endpoint\)/);
async function write(user: UserEvent, field: HTMLElement, text: string) {
  await user.click(field);
  await user.paste(text);
}

const names = () => screen.queryAllByRole('textbox', { name: / Parameter/ });

function refused(...errors: { path: string; message: string }[]): ApiError {
  return new ApiError({ status: 422, code: 'invalid_input', title: 'Invalid', detail: 'Wrong.', errors });
}

describe('Add webhook', () => {
  it('asks for the names that the product and the report type have', async () => {
    const { user } = await open();
    expect(
      screen.getAllByRole('radiogroup').map((group) => group.getAttribute('aria-labelledby')),
    ).toHaveLength(3);
    expect(names()).toHaveLength(6);
    expect(screen.queryByRole('radio', { name: 'MO' })).toBeNull();
    expect(screen.queryByLabelText('Waba Number')).toBeNull();

    await user.click(screen.getByRole('radio', { name: 'WhatsApp' }));
    expect(names().map((field) => field.id.replace('name-of-', ''))).toEqual([
      'transactionId',
      'messageId',
      'errorCode',
      'mobileNumber',
      'receivedTime',
      'deliveredTime',
      'readTime',
      'status',
    ]);
    expect(screen.getByRole('combobox', { name: 'Waba Number' })).toHaveProperty('value', 'All numbers');

    await user.click(screen.getByRole('radio', { name: 'MO' }));
    expect(names()).toHaveLength(0);
  });

  it('calls the names Required Parameters, says which may be left out, and is saved by Save', async () => {
    const { user } = await open();
    expect(screen.getByRole('heading', { name: 'Required Parameters' })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'WhatsApp' }));
    expect(screen.getAllByText('optional')).toHaveLength(2);
    await user.click(screen.getByRole('radio', { name: 'MO' }));
    expect(screen.queryByRole('heading', { name: 'Required Parameters' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Save' })).toBeTruthy();
  });

  it('offers the products that messages have, and alerts in a place of their own', async () => {
    await open();
    const products = within(screen.getByRole('radiogroup', { name: 'Product' }));
    expect(products.getAllByRole('radio')).toHaveLength(2);
    for (const name of ['SMS', 'WhatsApp']) expect(products.getByRole('radio', { name })).toBeTruthy();
  });

  it('shows the request with examples first, then exactly, then says what is missing', async () => {
    const { user } = await open();
    const request = await screen.findByRole('region', { name: 'The request as it is sent' });
    expect(request.textContent).toContain('https://example.com/webhooks');
    expect(
      screen.getByText(/^Missing: Webhook \(URL Endpoint\), .* and 4 more\. Examples stand/),
    ).toBeTruthy();

    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await write(user, url(), 'https://acme.example/dlr');
    await waitFor(() => expect(request.textContent).toContain('POST https://acme.example/dlr'));
    expect(screen.queryByText(/^Missing/)).toBeNull();

    await user.clear(screen.getByLabelText(/^Message ID Parameter/));
    expect(await screen.findByText('Missing: Message ID Parameter. Shown as it was before.')).toBeTruthy();
    expect(request.textContent).toContain('"messageId":"msg_id"');
  });

  it('says what is wrong at its field, but not in the middle of a word', async () => {
    const { user } = await open();
    await user.type(url(), 'h');
    expect(screen.queryByText('Must begin with http:// or https://.')).toBeNull();
    expect(await screen.findByText('Must begin with http:// or https://.')).toBeTruthy();
    expect(url().getAttribute('aria-invalid')).toBe('true');
    await write(user, url(), 'ttps://acme.example/');
    expect(screen.queryByText('Must begin with http:// or https://.')).toBeNull();
  });

  it('sends nothing that is incomplete, and says at each field what is missing', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(screen.getByText('The URL is required.')).toBeTruthy();
    expect(screen.getByText('Message ID Parameter is required.')).toBeTruthy();
    expect(screen.getByText('7 fields need to be corrected first.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(url()));
    expect(createWebhook).not.toHaveBeenCalled();
  });

  it('saves, says so and shows the webhook', async () => {
    vi.mocked(createWebhook).mockResolvedValue(webhookOf({ id: 'wh_new' }));
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await write(user, url(), 'https://acme.example/dlr');
    await user.click(screen.getByLabelText('Add Custom Headers'));
    await write(user, screen.getByLabelText('Custom header 1, name'), 'X-Api-Key');
    await write(user, screen.getByLabelText('Custom header 1, value'), 's3cret');
    await user.click(screen.getByRole('button', { name: 'Add More: custom header' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Elsewhere: /a/acc_1/webhooks/wh_new')).toBeTruthy();
    expect(await screen.findByText('Webhook added')).toBeTruthy();
    expect(vi.mocked(createWebhook).mock.calls[0]).toMatchObject([
      'acc_1',
      { product: 'sms', customHeaders: [{ name: 'X-Api-Key', value: 's3cret' }], customParameters: [] },
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
  });

  it.each([
    [
      'Save',
      createWebhook,
      'The account may have 200 webhooks and has them. The operator can raise the limit.',
    ],
    [
      'Test Webhook',
      testUnsavedWebhook,
      'The account may have 5 tests under way at once. The operator can raise the limit.',
    ],
  ] as const)(
    'says on %s which limit is reached, what it is, and whom to ask',
    async (action, call, detail) => {
      const problem = { status: 429, code: 'slow_down', title: 'Too much', detail };
      vi.mocked<(...given: never[]) => Promise<unknown>>(call).mockRejectedValue(new ApiError(problem));
      const { user } = await open();
      await user.click(screen.getByRole('button', { name: 'Use example names' }));
      await write(user, url(), 'https://acme.example/dlr');
      await user.click(screen.getByRole('button', { name: action }));
      expect((await screen.findAllByText(detail)).length).toBeGreaterThan(0);
    },
  );

  it('puts what the gateway refuses at its field, until the field changes', async () => {
    vi.mocked(createWebhook).mockRejectedValue(
      refused(
        { path: 'url', message: 'calls 10.0.0.1, which is private.' },
        { path: 'customParameters[0].name', message: 'is a name of the message itself.' },
      ),
    );
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await write(user, url(), 'http://10.0.0.1/');
    await user.click(screen.getByLabelText('Add Custom Parameters'));
    await write(user, screen.getByLabelText('Custom parameter 1, name'), 'text');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Calls 10.0.0.1, which is private.')).toBeTruthy();
    expect(screen.getByText('Is a name of the message itself.')).toBeTruthy();
    await user.type(url(), 'x');
    expect(screen.queryByText('Calls 10.0.0.1, which is private.')).toBeNull();
    expect(screen.getByText('Is a name of the message itself.')).toBeTruthy();
  });

  it('puts what only the gateway knows at its field as one types', async () => {
    vi.mocked(previewWebhook).mockImplementation(async (trial) => {
      if (trial.input.customParameters?.length === 0) return requestOf(trial);
      throw refused({
        path: 'customParameters[0].name',
        message: '"text" is a name of the inbound message itself.',
      });
    });
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await write(user, url(), 'https://acme.example/dlr');
    await user.click(screen.getByLabelText('Add Custom Parameters'));
    await write(user, screen.getByLabelText('Custom parameter 1, name'), 'text');
    expect(await screen.findByText('"text" is a name of the inbound message itself.')).toBeTruthy();
    expect(await screen.findByText(/^To correct: Custom parameter 1, name\. Shown as it was/)).toBeTruthy();
  });

  it('warns of what the gateway finds doubtful, and of a message that may not fit into a URL', async () => {
    vi.mocked(previewWebhook).mockImplementation(async (trial) => ({
      ...requestOf(trial),
      warnings: [{ code: 'same_webhook', message: 'The webhook wh_1 sends the same reports.', path: 'url' }],
    }));
    const { user } = await open();
    expect(await screen.findByText('The webhook wh_1 sends the same reports.')).toBeTruthy();
    await user.click(screen.getByLabelText('WhatsApp'));
    await user.click(screen.getByLabelText('MO'));
    await user.click(screen.getByLabelText('GET'));
    expect(
      await screen.findByText(/more than 8,000 bytes \(414\), and a message may have more/),
    ).toBeTruthy();
  });

  it('tests before saving, with the event that is shown', async () => {
    vi.mocked(testUnsavedWebhook).mockImplementation(async (trial) => ({
      request: requestOf(trial),
      response: null,
      error: {
        class: 'refused',
        detail: 'connect ECONNREFUSED',
        title: 'Nothing listens at the address',
        advice: 'Check that the server is running.',
      },
      durationMs: 3,
      warnings: [],
    }));
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await write(user, url(), 'https://acme.example/dlr');
    await user.click(screen.getByRole('button', { name: 'Edit event' }));
    const event = screen.getByLabelText('Event, as JSON');
    await user.clear(event);
    await write(user, event, '{ "status": "failed" }');
    await user.click(screen.getByRole('button', { name: 'Test Webhook' }));
    expect(await screen.findByText('Check that the server is running.')).toBeTruthy();
    expect(screen.getByText('Webhook Test Response')).toBeTruthy();
    expect(vi.mocked(testUnsavedWebhook).mock.calls[0]?.[0]).toMatchObject({
      accountId: 'acc_1',
      webhookId: null,
      event: '{ "status": "failed" }',
    });
    expect(createWebhook).not.toHaveBeenCalled();
  });

  it('keeps what another product has no use for, and says so', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('radio', { name: 'WhatsApp' }));
    await user.click(screen.getByRole('button', { name: 'Use example names' }));
    await user.click(screen.getByRole('radio', { name: 'SMS' }));
    expect(
      screen.getByText(/^Not used for SMS DLR by POST: Read Time Parameter "read_time", Status/),
    ).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'WhatsApp' }));
    expect(screen.getByLabelText(/^Read Time Parameter/)).toHaveProperty('value', 'read_time');
  });

  it('offers a product that only the gateway knows', async () => {
    const [, whatsapp] = catalog.products;
    const rcs = { ...whatsapp, id: 'rcs', name: 'RCS', numberLabel: 'Agent' };
    const known = { ...catalog, products: [...catalog.products, rcs] } as unknown as Catalog;
    const { user } = await open({ known });
    await user.click(screen.getByRole('radio', { name: 'RCS' }));
    expect(names()).toHaveLength(8);
    expect(screen.getByRole('combobox', { name: 'Agent' })).toHaveProperty('value', 'All numbers');
    await waitFor(() =>
      expect(vi.mocked(previewWebhook).mock.lastCall?.[0].input).toMatchObject({
        product: 'rcs',
        reportType: 'dlr',
      }),
    );
  });

  it('asks before unsaved changes are left', async () => {
    const { user } = await open();
    await user.type(url(), 'h');
    await user.click(screen.getByRole('link', { name: 'Cancel' }));
    const question = await screen.findByRole('dialog', { name: 'Leave without saving?' });
    await user.click(within(question).getByText('Stay'));
    expect(url()).toHaveProperty('value', 'h');
    await user.click(screen.getByRole('link', { name: 'Cancel' }));
    await user.click(await screen.findByRole('button', { name: 'Leave' }));
    expect(await screen.findByText('Elsewhere: /a/acc_1/webhooks')).toBeTruthy();
  });

  it('begins as another webhook, without the values that are hidden', async () => {
    const customHeaders = [{ name: 'X-Api-Key', value: '••••et' }];
    const { user } = await open({ copyOf: webhookOf({ customHeaders, url: 'https://acme.example/copied' }) });
    expect(url()).toHaveProperty('value', 'https://acme.example/copied');
    expect(screen.getByText('This value is hidden and cannot be copied: enter it.')).toBeTruthy();
    await user.click(screen.getByRole('link', { name: 'Cancel' }));
    expect(await screen.findByText('Elsewhere: /a/acc_1/webhooks')).toBeTruthy();
  });

  it('is not for viewers', async () => {
    await open({ role: 'viewer' });
    expect(screen.getByText('You may look at webhooks, not change them')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });
});
