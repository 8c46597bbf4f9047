import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway, operatorKey } from '../src/testing/gateway-fixture.ts';
import { openLive } from '../src/testing/live-client.ts';
import { anyNumber, spellingOf } from '../src/testing/number-spellings.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

const spellings = [
  '250788123200',
  '+250788123200',
  '00250788123200',
  '+250 788 123 200',
  '(+250) 788-123.200',
  '\u202a+250\u00a0788\u202f123\u00a0200\u202c',
  '٢٥٠٧٨٨١٢٣٢٠٠',
  '۲۵۰۷۸۸۱۲۳۲۰۰',
  '＋２５０ ７８８－１２３－２００',
  '2\u200b5\u00ad0788\ufeff123200',
];

let gateway: GatewayFixture;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await openGateway();
  receiver = await createReceiver();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
});

const inbound = (accountId: string, productUniqueId: string, messageId: string) => ({
  ...{ accountId, product: 'whatsapp', reportType: 'mo', productUniqueId, messageId },
  ...{ mobileNumber: '919812345678', message: { type: 'text', text: { body: '+1 (631) 555-8151' } } },
});
const report = (accountId: string, mobileNumber: string, messageId: string) => ({
  ...{ accountId, product: 'sms', reportType: 'dlr', messageId, status: 'delivered', mobileNumber },
});

describe('any spelling', () => {
  it('of a number is the number: in an event, a sender, a webhook and a search', async () => {
    const accountId = await gateway.createAccount();
    let count = 0;
    const written = anyNumber.chain((number) =>
      fc.tuple(
        fc.constant(number),
        spellingOf(number),
        spellingOf(number),
        spellingOf(number),
        spellingOf(number),
      ),
    );
    await fc.assert(
      fc.asyncProperty(written, async ([number, ofEvent, ofSender, ofWebhook, asked]) => {
        await gateway.api('POST', '/v1/senders', {
          accountId,
          product: 'whatsapp',
          productUniqueId: ofSender,
        });
        const { id } = await gateway.createWebhook(accountId, {
          ...{ product: 'whatsapp', reportType: 'mo', parameterNames: {}, productUniqueId: ofWebhook },
          url: `${receiver.url}/any`,
        });
        const messageId = `any-${count++}`;
        const { events } = await gateway.accept({
          ...inbound(accountId, ofEvent, messageId),
          mobileNumber: ofEvent,
        });
        expect(events[0]).toEqual({ id: expect.any(String), result: 'accepted', deliveries: 1 });
        const query = new URLSearchParams({ accountId, webhookId: id, mobileNumber: asked });
        const { body } = await gateway.api<{ data: object[] }>('GET', `/v1/deliveries?${query}`);
        expect(body.data).toMatchObject([{ messageId, mobileNumber: number, productUniqueId: number }]);
        // What is not sent yet when its webhook is deleted is sent no more.
        await receiver.take(1);
        await gateway.api('DELETE', `/v1/webhooks/${id}`);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a Waba Number', () => {
  it('is one, however an event, a sender and a webhook write it', async () => {
    for (const [i, written] of spellings.entries()) {
      const accountId = await gateway.createAccount();
      const other = spellings.at(-1 - i) ?? '';
      await gateway.createSender(accountId, other);
      await gateway.createWebhook(accountId, {
        ...{ product: 'whatsapp', reportType: 'mo', parameterNames: {}, settings: { moFormat: 'flat' } },
        ...{ productUniqueId: written, url: `${receiver.url}/${accountId}` },
      });
      const { events } = await gateway.accept(
        spellings.map((number, at) => inbound(accountId, number, `m${at}`)),
      );
      expect(events.map(({ deliveries }) => deliveries)).toEqual(spellings.map(() => 1));
      const [first] = await receiver.take(spellings.length);
      expect(JSON.parse(String(first?.body))).toMatchObject({
        wabaNumber: '250788123200',
        // Not ours to change.
        text: '+1 (631) 555-8151',
      });
      const again = { accountId, product: 'whatsapp', productUniqueId: written };
      expect(await gateway.api('POST', '/v1/senders', again)).toMatchObject({ status: 409 });
    }
  });

  it("that is nobody's sender is taken, and that is said: in the answer, the metrics and the event's page", async () => {
    const accountId = await gateway.createAccount();
    const other = await gateway.createAccount();
    await gateway.createSender(accountId, '250788123200');
    await gateway.createSender(other, '250788123201');
    const { events } = await gateway.accept([
      inbound(accountId, '+250 788 123 200', 'm1'),
      inbound(accountId, '+250 788 123 201', 'm2'),
      { ...inbound(accountId, '', 'm3'), productUniqueId: null },
    ]);
    expect(events).toEqual([
      { id: expect.any(String), result: 'accepted', deliveries: 0 },
      { id: expect.any(String), result: 'accepted', deliveries: 0, unmatched: 'sender' },
      { id: expect.any(String), result: 'accepted', deliveries: 0 },
    ]);
    const pageOf = async (id: string | null | undefined) =>
      (await gateway.api('GET', `/v1/events/${id}`)).body;
    expect(await pageOf(events[0]?.id)).toMatchObject({ unmatched: null });
    expect(await pageOf(events[1]?.id)).toMatchObject({
      unmatched: 'sender',
      productUniqueId: '250788123201',
    });
    const { body } = await gateway.api<string>('GET', '/metrics');
    expect(body).toContain('hookwire_events_unmatched_total{of="sender"} 1');
    await gateway.createSender(accountId, '00250788123201');
    expect(await pageOf(events[1]?.id)).toMatchObject({ unmatched: null });
  });

  it('that is national is left alone', async () => {
    const accountId = await gateway.createAccount();
    await gateway.accept({ ...inbound(accountId, '0788 123200', 'm1'), id: `national-${accountId}` });
    const { body } = await gateway.api('GET', `/v1/events/national-${accountId}?accountId=${accountId}`);
    expect(body).toMatchObject({ productUniqueId: '0788123200' });
  });
});

describe("a person's number", () => {
  it.each([
    ['digits', '250788123200'],
    ['e164', '+250788123200'],
  ])('goes out as %s to the byte, and is found as it went out', async (mobileFormat, sent) => {
    const accountId = await gateway.createAccount();
    const url = `${receiver.url}/${accountId}`;
    await gateway.createWebhook(accountId, { url, settings: { mobileFormat } });
    await gateway.accept(spellings.map((number, i) => report(accountId, number, `m${i}`)));
    const arrived = await receiver.take(spellings.length);
    for (const { body } of arrived) expect(JSON.parse(String(body)).mobile).toBe(sent);
    for (const asked of [sent, ...spellings]) {
      const query = `accountId=${accountId}&mobileNumber=${encodeURIComponent(asked)}`;
      for (const list of ['deliveries', 'events']) {
        const { body } = await gateway.api<{ data: unknown[] }>('GET', `/v1/${list}?${query}`);
        expect(body.data, `${list} of ${asked}`).toHaveLength(spellings.length);
      }
    }
  });

  it('is found by its end, with a word that it is one, in lists and live', async () => {
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: `${receiver.url}/${accountId}` });
    const ask = async (list: string, mobileNumber: string) => {
      const query = new URLSearchParams({ accountId, mobileNumber });
      const { body } = await gateway.api<{ data: { messageId: string }[]; warnings?: { code: string }[] }>(
        'GET',
        `/v1/${list}?${query}`,
      );
      return [body.data.map(({ messageId }) => messageId), body.warnings?.map(({ code }) => code)];
    };
    await using live = await openLive(
      `${gateway.gateway.url}/v1/live?accountId=${accountId}&mobileNumber=123200`,
      operatorKey,
    );
    await gateway.accept([
      report(accountId, '919812345678', 'm1'),
      report(accountId, spellings[4] ?? '', 'm2'),
    ]);
    await receiver.take(2);
    expect(await live.next()).toMatchObject({ data: { messageId: 'm2' } });
    for (const list of ['deliveries', 'events']) {
      expect(await ask(list, '3200')).toEqual([['m2'], ['partial_number']]);
      expect(await ask(list, '788123200')).toEqual([['m2'], ['partial_number']]);
      expect(await ask(list, '0788 123200')).toEqual([['m2'], ['no_country_code']]);
      expect(await ask(list, '0788 123201')).toEqual([[], ['no_country_code']]);
      expect(await ask(list, '200')).toEqual([[], ['too_few_digits']]);
      expect(await ask(list, '+250 788 123 200')).toEqual([['m2'], undefined]);
      expect(await ask(list, '+3200')).toEqual([[], undefined]);
    }
  });

  it('is found by a replay, however it is written', async () => {
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: `${receiver.url}/${accountId}` });
    await gateway.accept([
      report(accountId, '00919812345678', 'm1'),
      report(accountId, '919812345679', 'm2'),
    ]);
    await receiver.take(2);
    await gateway.idle();
    const body = { accountId, mobileNumber: '+91 98123-45678', state: 'delivered' };
    await gateway.api('POST', '/v1/deliveries/replay', body);
    const [again] = await receiver.take(1);
    expect(JSON.parse(String(again?.body)).msg_id).toBe('m1');
  });
});
