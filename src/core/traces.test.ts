import { describe, expect, it } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import { createTraces, hideTraces, isNamedIn, unfindable } from './traces.ts';

const number = '919812345678';
const traces = createTraces({ mobileNumber: '+91 98123-45678' });

describe('a number', () => {
  it.each([
    ['plain', number],
    ['with a plus', '+91 98123 45678'],
    ['abroad', '0091-98123-45678'],
    ['at home', '09812345678'],
    ['at home, with its country code and the zero', '9109812345678'],
    ['without the code of its place', '12345678'],
    ['behind another digit that stands apart', '7 9812345678'],
    ['behind others', `17${number}`],
    ['in Base64, as at home', Buffer.from('x09812345678').toString('base64')],
    ['percent-encoded', 'to=%2B91%2098123%2045678'],
    ['percent-encoded digits', [...number].map((digit) => `%3${digit}`).join('')],
    ['escaped', [...number].map((digit) => `\\u003${digit}`).join('')],
    ['Arabic', '٩١٩٨١٢٣٤٥٦٧٨'],
    ['as JSON number', '{"msisdn":919812345678}'],
    ['with an exponent', '9.19812345678e11'],
    ['in hexadecimal of its text', Buffer.from(number).toString('hex')],
    ['as a number in hexadecimal', Number(number).toString(16)],
    ['in Base64', Buffer.from(number).toString('base64')],
    ['in Base64, moved by one', Buffer.from(`a${number}`).toString('base64')],
    ['in Base64, moved by two', Buffer.from(`ab${number}`).toString('base64')],
    ['in an id of WhatsApp', `wamid.${Buffer.from(`\x1d\x0c${number}\x15\x02`).toString('base64')}`],
  ])('is found and hidden %s', (_how, text) => {
    const around = `before ${text} after`;
    expect(traces.occurIn(around)).toBe(true);
    const hidden = traces.hiddenIn(around);
    expect(traces.occurIn(hidden)).toBe(false);
    expect(hidden).toMatch(/^before .*after$/);
    expect(hidden).not.toContain('5678');
  });

  const twin = '919712345678';
  it.each([
    ...['919812345679', '5678', 'order 12345', '2026-11-22T10:15:30.000Z'],
    // Of somebody whose number ends alike, and times.
    ...[twin, `+${twin}`, `00${twin}`, '09712345678', '917012345678', '17123456780', '1712345678000'],
    '+19812345678',
    ...[0, 1, 2].map((moved) => Buffer.from('x'.repeat(moved) + twin).toString('base64')),
    `wamid.${Buffer.from(`\x1d\x0c${twin}\x15\x02`).toString('base64')}`,
    Buffer.from('917012345678').toString('base64'),
    ...[Buffer.from(twin).toString('hex'), Number(twin).toString(16)],
    [...twin].map((digit) => `%3${digit}`).join(''),
  ])('is not in %s', (text) => {
    expect(traces.occurIn(text)).toBe(false);
    expect(traces.hiddenIn(text)).toBe(text);
  });

  it.each([
    ['its recipient', { mobileNumber: number }, true],
    ['its recipient, written at home', { mobileNumber: '09812345678' }, true],
    ['its recipient, written at home without a zero', { mobileNumber: '9812345678' }, true],
    ['somebody of another place', { mobileNumber: '12345678' }, false],
    ['its sender, in the message alone', { message: { from: number, type: 'text' } }, true],
    ['its recipient, in words', { mobileNumber: `person ${number}` }, true],
    ['a user id with it', { userId: `IN.${number}`, mobileNumber: null }, true],
    ['an id with it', { messageId: `m-${number}-1`, mobileNumber: null }, true],
    ['somebody whose number ends alike', { mobileNumber: '15512345678' }, false],
    ['somebody who writes of it', { mobileNumber: '1555', message: { text: { body: number } } }, false],
  ])('makes an event theirs by %s', (_how, parts, expected) => {
    expect(traces.isTheirs(testEvent(parts))).toBe(expected);
  });

  it('goes out of what somebody else wrote, and everything else stays as it came', () => {
    const message = `{"text": {"body":"call ${number} or 12.50"}, "wa": ${number}, "n": 30.00, "${number}": true}`;
    const hidden = hideTraces(testEvent({ mobileNumber: '15551234567', message }), traces);
    expect(hidden.message).toBe(
      '{"text": {"body":"call •••••••••••• or 12.50"}, "wa": "••••••••••••", "n": 30.00, "••••••••••••": true}',
    );
    expect(hidden.mobileNumber).toBe('15551234567');
  });

  it('goes out of a status and an error code in the platform’s own words, and nothing goes that only ends alike', () => {
    const words = { status: `refused by ${number}`, errorCode: `no ${number}` };
    const event = testEvent({ mobileNumber: '919712345678', receivedTime: 1_712_345_678_000, ...words });
    expect(isNamedIn(event, traces)).toBe(true);
    expect(hideTraces(event, traces)).toEqual({
      ...event,
      ...{ status: 'refused by ••••••••••••', errorCode: 'no ••••••••••••' },
    });
    expect(isNamedIn({ ...event, status: 'failed', errorCode: null }, traces)).toBe(false);
  });

  it.each(['09812345678', '12345', '5678', 'AD-HDFCBK', '9198123456789012'])(
    'cannot be %s',
    (mobileNumber) => {
      expect(unfindable({ mobileNumber })).toContain('country code');
    },
  );
});

describe('a number that networks write in more ways than one', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  /** As fields and texts have it. */
  const written = (number: string): string[] => [
    ...[number, `+${number}`, `00${number}`, number.replace(/^(..)(...)/, '+$1 $2 ')],
    ...[0, 1, 2].map((before) => `wamid.${base64(`${'\x0c'.repeat(before)}${number}\x15\x02`)}`),
    Buffer.from(number).toString('hex'),
    Number(number).toString(16),
  ];

  it.each([
    ['Mexico', ['525512345678', '5215512345678'], ['5512345678', '05512345678', '52 1 55 1234 5678']],
    ['Brazil', ['551187654321', '5511987654321'], ['11987654321', '1187654321', '0 11 98765-4321']],
    ['Buenos Aires', ['541112345678', '5491112345678'], ['+54 11 15 1234-5678', '011 15 1234 5678']],
    ['Rosario', ['543415123456', '5493415123456'], ['+54 341 15 512-3456', '0341155123456', '155123456']],
    ['Russia', ['79161234567'], ['8 (916) 123-45-67', '89161234567']],
  ])('is found and hidden in each, whichever is asked for: %s', (_country, wholes, others) => {
    for (const mobileNumber of wholes) {
      const { occurIn, hiddenIn } = createTraces({ mobileNumber });
      for (const text of [...wholes.flatMap(written), ...others]) {
        expect([text, occurIn(text)]).toEqual([text, true]);
        expect(occurIn(hiddenIn(text))).toBe(false);
      }
    }
  });

  it.each([
    ['Mexico', '525512345678', ['5215512345678', '5512345678']],
    ['Brazil', '5511987654321', ['551187654321', '1187654321']],
    ['Argentina', '5493415123456', ['543415123456', '54341155123456', '0341155123456']],
  ])('makes an event theirs in each: %s', (_country, mobileNumber, forms) => {
    const { isTheirs } = createTraces({ mobileNumber });
    for (const form of forms) {
      expect(isTheirs(testEvent({ mobileNumber: form }))).toBe(true);
      expect(isTheirs(testEvent({ mobileNumber: null, message: { from: form } }))).toBe(true);
    }
  });

  it.each([
    ['of Mexico', '5215512345678', ['15512345678', '+15512345678', '528812345678', '5213312345678']],
    ['of Brazil', '5511987654321', ['5521987654321', '552187654321', '5511887654321', '11787654321']],
    ['of Argentina', '5493415123456', ['543425123456', '54342155123456', '55123456', '5491115123456']],
    ['of Russia', '79161234567', ['89171234567', '+819161234567', '99161234567']],
  ])('is not somebody else’s who ends alike: %s', (_where, mobileNumber, others) => {
    const { occurIn, isTheirs } = createTraces({ mobileNumber });
    for (const other of others) {
      expect([other, occurIn(`call ${other} now`)]).toEqual([other, false]);
      expect(isTheirs(testEvent({ mobileNumber: other }))).toBe(false);
      expect(isTheirs(testEvent({ mobileNumber: null, messageId: `m-${other}` }))).toBe(false);
    }
  });
});

describe('an id', () => {
  const userId = 'US.13491208655302741918';
  const ofUser = createTraces({ userId });

  it('cannot hold what no event can', () => {
    expect([unfindable({ userId }), unfindable({ messageId: 'wamid.1' })]).toEqual([null, null]);
    expect(unfindable({ userId: 'a\0b' })).toContain('U+0000');
    expect(unfindable({ messageId: '\0' })).toContain('U+0000');
  });

  it.each([
    userId,
    `"user_id":"${userId}"`,
    Buffer.from(`x${userId}`).toString('base64'),
    Buffer.from(userId).toString('hex'),
    Buffer.from(userId).toString('hex').toUpperCase(),
  ])('is found and hidden in %s', (text) => {
    expect(ofUser.occurIn(text)).toBe(true);
    expect(ofUser.occurIn(ofUser.hiddenIn(text))).toBe(false);
  });

  it('is not found as a part of another', () => {
    expect(ofUser.occurIn(`${userId}0`)).toBe(false);
  });

  it('of few characters is looked for in its field alone', () => {
    const short = createTraces({ messageId: '7' });
    expect(short.isTheirs(testEvent({ messageId: '7' }))).toBe(true);
    expect(short.occurIn('{"part":7}')).toBe(false);
  });

  it('makes an event theirs in the field of such ids', () => {
    expect(ofUser.isTheirs(testEvent({ userId }))).toBe(true);
    expect(ofUser.isTheirs(testEvent({ message: { from_user_id: userId } }))).toBe(true);
    expect(ofUser.isTheirs(testEvent({ profileName: userId }))).toBe(false);
  });

  it('makes an event theirs in what that is known by', () => {
    expect(ofUser.isTheirs(testEvent({ messageId: userId }))).toBe(true);
    expect(ofUser.isTheirs(testEvent({ transactionId: `to-${userId}` }))).toBe(true);
  });
});
