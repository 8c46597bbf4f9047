import { describe, expect, it } from 'vitest';
import { attemptRecord, failedAttempt, queuedDelivery } from '../testing/attempts.ts';
import { createLog } from './log.ts';
import { createWideLines, type WideLines } from './wide-lines.ts';

type Line = { readonly [field: string]: unknown };

function linesAt(level: string, write: (lines: WideLines) => void): Line[] {
  const written: string[] = [];
  write(createWideLines(createLog(level, { write: (line: string) => void written.push(line) })));
  return written.map((line) => JSON.parse(line) as Line);
}

const delivery = queuedDelivery({ acceptedAt: 1_000 }, { mobileNumber: '919812345678', messageId: 'm1' });
const givenUp = failedAttempt({
  number: 11,
  startedAt: 5_000,
  durationMs: 30,
  after: { state: 'failed', reason: 'attempts_exhausted' },
});

describe('wide lines', () => {
  it('tell all of a delivery that failed for good, with its number masked', () => {
    expect(linesAt('info', (lines) => lines.attempted(givenUp, delivery))).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        msg: 'Delivery failed.',
        deliveryId: 'dlv_1',
        eventId: 'evt_1',
        accountId: 'acc_1',
        webhookId: 'wh_1',
        webhookVersion: 1,
        product: 'sms',
        reportType: 'dlr',
        messageId: 'm1',
        transactionId: '81934341034091431',
        mobileNumber: '9198XXXXXX78',
        status: 'delivered',
        state: 'failed',
        reason: 'attempts_exhausted',
        attempt: 11,
        manual: false,
        statusCode: 503,
        errorClass: 'status',
        durationMs: 30,
        sinceAcceptedMs: 4_030,
      },
    ]);
  });

  it.each([
    'wamid.HBgMOTE5ODEyMzQ1Njc4FQIAERgSMkQ0NUM3',
    'wamid.HBgNOTE5ODEyMzQ1Njc4FQIA',
    'sms-919812345678-7',
    'x=+91%2098123%2045678',
  ])('show the id %s without the number that it holds', (id) => {
    const held = queuedDelivery({}, { mobileNumber: '919812345678', messageId: id, transactionId: id });
    const [line] = linesAt('info', (lines) => lines.attempted(givenUp, held));
    const text = JSON.stringify(line);
    expect(text).not.toMatch(/OTE5ODEyMzQ1Njc4|98123.{0,3}45678/);
    expect(line).toMatchObject({ messageId: expect.stringMatching(/^(wamid\.HBg|sms-|x=).*•/) });
    expect(line?.transactionId).toBe(line?.messageId);
  });

  it('tell of other attempts and of calls at debug only', () => {
    const write = (lines: WideLines) => {
      lines.attempted(attemptRecord(), delivery);
      lines.attempted(failedAttempt({}, 5_000), delivery);
      lines.received({
        answer: { accepted: 3, duplicates: 2, rejected: 1 },
        accountId: 'acc_1',
        durationMs: 1.7,
      });
    };
    expect(linesAt('info', write)).toEqual([]);
    expect(linesAt('debug', write)).toMatchObject([
      { level: 'debug', state: 'delivered' },
      { level: 'debug', state: 'retrying', nextAttemptAt: '1970-01-01T00:00:05.000Z' },
      { level: 'debug', accountId: 'acc_1', accepted: 3, duplicates: 2, rejected: 1, durationMs: 2 },
    ]);
  });

  it('tell of deliveries that were skipped together, in one line', () => {
    const write = (lines: WideLines) => lines.skipped('wh_1', 'webhook_deleted', 500);
    expect(linesAt('info', write)).toMatchObject([
      { level: 'info', webhookId: 'wh_1', state: 'skipped', reason: 'webhook_deleted', deliveries: 500 },
    ]);
  });

  it('build no line for a level that is not written', () => {
    const untouchable = new Proxy(givenUp, {
      get: (record, field) => {
        if (field === 'after') return record.after;
        throw new Error('A line was built.');
      },
    });
    expect(linesAt('warn', (lines) => lines.attempted(untouchable, delivery))).toEqual([]);
  });

  it('tell of an endpoint that fails and is well again, and of a webhook that was disabled', () => {
    const write = (lines: WideLines) => {
      lines.healthChanged('wh_1', { kind: 'failing', since: 0 });
      lines.healthChanged('wh_1', { kind: 'recovered', since: 0 });
      lines.webhookDisabled('wh_1', 'gone');
    };
    expect(linesAt('info', write)).toMatchObject([
      { level: 'warn', webhookId: 'wh_1', since: '1970-01-01T00:00:00.000Z' },
      { level: 'info', webhookId: 'wh_1' },
      { level: 'warn', webhookId: 'wh_1', reason: 'gone' },
    ]);
  });
});
