import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Formats, openFormats, verify } from './deliver-one.ts';

let formats: Formats;
beforeAll(async () => {
  formats = await openFormats();
});
afterAll(() => formats[Symbol.asyncDispose]());

const report = {
  product: 'sms',
  reportType: 'dlr',
  messageId: 'm',
  status: 'delivered',
  mobileNumber: '919812345678',
  receivedTime: '2026-11-22T10:15:30.250Z',
  deliveredTime: '2026-07-01T22:30:00.000Z',
};

async function bodyOf(webhook: object, event: object = report): Promise<string> {
  const arrived = await formats.deliver({ method: 'JSON', path: '/', ...webhook }, event);
  verify(arrived);
  const { request } = arrived;
  return request.method === 'GET' ? request.path : request.body.toString();
}

describe('times', () => {
  it.each([
    ['iso', 'UTC', '"2026-11-22T10:15:30.250Z"', '"2026-07-01T22:30:00.000Z"'],
    ['iso', 'Asia/Kolkata', '"2026-11-22T15:45:30.250+05:30"', '"2026-07-02T04:00:00.000+05:30"'],
    ['iso', 'America/New_York', '"2026-11-22T05:15:30.250-05:00"', '"2026-07-01T18:30:00.000-04:00"'],
    ['epochSeconds', 'UTC', '1795342530', '1782945000'],
    ['epochMilliseconds', 'Asia/Kolkata', '1795342530250', '1782945000000'],
    ['YYYY-MM-DD HH:mm:ss', 'UTC', '"2026-11-22 10:15:30"', '"2026-07-01 22:30:00"'],
    ['YYYY-MM-DD HH:mm:ss', 'Asia/Kolkata', '"2026-11-22 15:45:30"', '"2026-07-02 04:00:00"'],
    ['YYYY-MM-DD HH:mm:ss', 'Europe/Berlin', '"2026-11-22 11:15:30"', '"2026-07-02 00:30:00"'],
  ])('are written as %s in %s', async (timeFormat, timeZone, winter, summer) => {
    expect(await bodyOf({ settings: { timeFormat, timeZone } })).toContain(
      `,"received_time":${winter},"delivered_time":${summer}}`,
    );
  });

  it('are encoded where the format asks for it', async () => {
    const inKolkata = { timeFormat: 'iso', timeZone: 'Asia/Kolkata' };
    expect(await bodyOf({ method: 'GET', settings: inKolkata })).toContain(
      '&received_time=2026-11-22T15%3A45%3A30.250%2B05%3A30&',
    );
    expect(await bodyOf({ method: 'XML', settings: { timeFormat: 'epochMilliseconds' } })).toContain(
      '<received_time>1795342530250</received_time>',
    );
  });
});

describe('numbers', () => {
  it.each([
    ['digits', '+91 98123-45678', '919812345678'],
    ['digits', '00919812345678', '919812345678'],
    ['digits', 'AD-HDFCBK', 'AD-HDFCBK'],
    ['e164', '919812345678', '+919812345678'],
    ['e164', '+91 (98123) 45678', '+919812345678'],
    ['e164', '9198******78', '9198******78'],
  ])('are written as %s: %s → %s', async (mobileFormat, mobileNumber, written) => {
    expect(await bodyOf({ settings: { mobileFormat } }, { ...report, mobileNumber })).toContain(
      `"mobile":"${written}"`,
    );
  });
});

describe('statuses', () => {
  it('that the webhook does not want are not sent to it', async () => {
    const { gateway, receiver } = formats;
    const accountId = await gateway.createAccount();
    const settings = { statuses: ['delivered', 'failed'] };
    await gateway.createWebhook(accountId, { url: receiver.url, settings });
    const statuses = ['sent', 'delivered', 'expired', 'failed'];
    const answer = await gateway.accept(statuses.map((status) => ({ ...report, accountId, status })));
    expect(answer.events.map(({ deliveries }) => deliveries)).toEqual([0, 1, 0, 1]);
    await receiver.take(2);
  });
});
