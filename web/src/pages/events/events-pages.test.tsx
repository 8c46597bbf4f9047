import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../testing/catalog.ts';
import { deliveryOf } from '../../testing/delivery.ts';
import { type Answers, playGateway } from '../../testing/gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { EventPage } from './event-page.tsx';
import { FindEventsPage } from './find-events-page.tsx';

const event = {
  id: 'evt_1',
  accountId: 'acc_1',
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  transactionId: null,
  messageId: 'wamid.1',
  part: null,
  status: null,
  errorCode: null,
  mobileNumber: '919812345678',
  userId: null,
  profileName: 'Asha Rao',
  receivedTime: '2026-11-22T10:15:30.000Z',
  sentTime: null,
  deliveredTime: null,
  readTime: null,
  attributes: null,
  message: { type: 'text', text: { body: 'Hi <b>there</b>' } },
  unmatched: null,
  contents: 'kept',
  contentsKeptUntil: '2026-12-22T10:15:31.000Z',
  keptUntil: '2027-12-27T10:15:31.000Z',
  acceptedAt: '2026-11-22T10:15:31.000Z',
  deliveries: [deliveryOf({ id: 'dlv_1', webhookId: 'wh_1', state: 'retrying' })],
};
const got = {
  webhookId: 'wh_1',
  url: 'https://example.com/mo',
  matched: true,
  delivered: 'dlv_1',
  reason: null,
  text: 'It is for WhatsApp, MO: the event matches.',
};
const other = {
  webhookId: 'wh_2',
  url: 'https://example.com/sms',
  matched: false,
  delivered: null,
  reason: 'other_product',
  text: 'It is for SMS; the event is of WhatsApp.',
};

function openEvent(decisions: object[], role: 'owner' | 'viewer' = 'owner', answers: Answers = {}) {
  playGateway({
    'GET /v1/events/evt_1': () => event,
    'GET /v1/events/evt_1/routing': () => ({ data: decisions }),
    'GET /v1/catalog': () => catalog,
    ...answers,
  });
  const at = '/a/acc_1/events/evt_1';
  return renderPage({ path: '/a/$accountId/events/$eventId', at, page: EventPage, role });
}

describe("an event's page", () => {
  it('shows what came in, exactly, with the message as text', async () => {
    await openEvent([got]);
    expect(await screen.findByText('919812345678')).toBeDefined();
    expect(await screen.findByText('Waba Number')).toBeDefined();
    expect(screen.getByText('2026-11-22T10:15:30.000Z')).toBeDefined();
    const message = screen.getByRole('region', { name: 'Message' });
    expect(JSON.parse(message.textContent ?? '')).toEqual(event.message);
  });

  it('says until when it is kept, and why its contents are gone', async () => {
    await openEvent([got]);
    expect(
      await screen.findByText('Contents until 22 December 2026, the entry until 27 December 2027'),
    ).toBeDefined();
    expect(screen.queryByText('Its contents are gone')).toBeNull();
  });

  it('whose contents are gone says until when they were kept', async () => {
    const cut = {
      ...event,
      ...{ contents: 'cut', mobileNumber: '••••5678', profileName: null, message: null },
      contentsKeptUntil: '2020-05-03T12:00:00.000Z',
    };
    await openEvent([got], 'owner', { 'GET /v1/events/evt_1': () => cut });
    expect(await screen.findByText(/Its contents were kept until 3 May 2020\./)).toBeDefined();
    expect(screen.getByText('••••5678')).toBeDefined();
    expect(screen.getByText('The entry until 27 December 2027')).toBeDefined();
  });

  it('shows the message and the attributes as they came', async () => {
    const kept = { message: '{"z":30.00,"1":12345678901234567890,"z":-0}', attributes: '{ "a":1e400 }' };
    const text = JSON.stringify(event)
      .replace(JSON.stringify(event.message), kept.message)
      .replace('"attributes":null', `"attributes":${kept.attributes}`);
    await openEvent([got], 'owner', { 'GET /v1/events/evt_1': () => new Response(text) });
    const message = await screen.findByRole('region', { name: 'Message' });
    expect(message.textContent?.replaceAll(/\s/g, '')).toBe(kept.message);
    expect(screen.getByRole('region', { name: 'Attributes' }).textContent).toBe('{\n  "a": 1e400\n}');
  });

  it('shows which webhooks got it with the state of their delivery, and why the others did not', async () => {
    await openEvent([got, other]);
    const matched = await screen.findByRole('list', { name: 'Webhooks that got it' });
    expect(within(matched).getByText('Retrying')).toBeDefined();
    expect(within(matched).getByRole('link', { name: 'Look at the delivery' }).getAttribute('href')).toBe(
      '/a/acc_1/deliveries?messageId=wamid.1&delivery=dlv_1',
    );
    const others = screen.getByRole('list', { name: 'Webhooks that did not get it' });
    expect(within(others).getByText('It is for SMS; the event is of WhatsApp.')).toBeDefined();
  });

  it('offers a webhook that would get it where none did', async () => {
    await openEvent([other]);
    const add = await screen.findByRole('link', { name: 'Add a webhook that would get it' });
    expect(add.getAttribute('href')).toBe(
      '/a/acc_1/webhooks/new?product=whatsapp&reportType=mo&productUniqueId=919999999999',
    );
  });

  it('says that there were no webhooks at all, and offers a viewer none', async () => {
    await openEvent([], 'viewer');
    expect(await screen.findByText('The account had no webhooks when it came in.')).toBeDefined();
    expect(screen.queryByRole('link', { name: /Add a/ })).toBeNull();
  });

  it('says that its number is none of the account', async () => {
    const answers = { 'GET /v1/events/evt_1': () => ({ ...event, unmatched: 'sender' }) };
    await openEvent([other], 'owner', answers);
    const said = await screen.findByText(/which is none of the account's/);
    expect(said.textContent).toContain('919999999999');
    expect(screen.getByText('Not a Waba Number of this account')).toBeDefined();
  });

  it('says that there is no such event', async () => {
    playGateway({});
    const at = '/a/acc_1/events/evt_9';
    await renderPage({ path: '/a/$accountId/events/$eventId', at, page: EventPage });
    expect((await screen.findByRole('alert')).textContent).toContain('It is not there.');
  });
});

describe('looking for an event', () => {
  const { message: _message, attributes: _attributes, unmatched: _unmatched, ...shown } = event;
  const found = {
    ...shown,
    deliveries: { pending: 0, retrying: 1, delivered: 2, failed: 0, skipped: 0 },
  };

  function openSearch(
    search: string,
    data: object[],
    nextCursor: string | null = null,
    warnings: object[] = [],
  ) {
    const calls = playGateway({ 'GET /v1/events': () => ({ data, nextCursor, warnings }) });
    return renderPage({
      path: '/a/$accountId/events',
      at: `/a/acc_1/events${search}`,
      page: FindEventsPage,
    }).then((page) => ({ ...page, calls }));
  }

  it('asks by the id that is typed, and keeps it in the URL', async () => {
    const { user, router, calls } = await openSearch('', [found]);
    expect(screen.getByText('Which message?')).toBeDefined();
    await user.type(screen.getByRole('textbox', { name: 'Message ID' }), ' wamid.1 ');
    await user.click(screen.getByRole('button', { name: 'Find' }));
    expect((await screen.findByRole('link', { name: 'wamid.1' })).getAttribute('href')).toBe(
      '/a/acc_1/events/evt_1',
    );
    expect(screen.getByText('1 retrying, 2 delivered')).toBeDefined();
    expect(router.state.location.search).toEqual({ messageId: 'wamid.1' });
    expect(calls[0]?.search.get('messageId')).toBe('wamid.1');
  });

  it('says which had no webhook', async () => {
    const none = { pending: 0, retrying: 0, delivered: 0, failed: 0, skipped: 0 };
    await openSearch('?mobileNumber=919812345678', [{ ...found, deliveries: none }]);
    expect(await screen.findByText('No webhook matched')).toBeDefined();
  });

  const note = '09812345678 has no country code, and numbers are kept with it.';
  const warnings = [{ code: 'no_country_code', path: 'mobileNumber', message: note }];

  it('says what a number lacks where nothing came in with it, and beside what was found', async () => {
    await openSearch('?mobileNumber=09812345678', [], null, warnings);
    expect((await screen.findByText(/Nothing came in with mobile number/)).textContent).toContain(note);
  });

  it('says that what was found may be more than was meant', async () => {
    await openSearch('?mobileNumber=09812345678', [found], null, warnings);
    expect(await screen.findByText(note)).toBeDefined();
  });

  it('says that nothing came in with it', async () => {
    await openSearch('?transactionId=000', []);
    expect(await screen.findByText('No event matches')).toBeDefined();
  });

  it('goes on looking where not all were looked at', async () => {
    await openSearch('?transactionId=000', [], 'next');
    expect(await screen.findByText('None found so far')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Go on looking' })).toBeDefined();
  });
});
