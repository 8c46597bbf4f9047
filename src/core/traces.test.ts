import { describe, expect, it } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import { createTraces, hideTraces, unfindable } from './traces.ts';

const number = '919812345678';
const traces = createTraces({ mobileNumber: '+91 98123-45678' });

describe('a number', () => {
  it.each([
    ['plain', number],
    ['with a plus', '+91 98123 45678'],
    ['abroad', '0091-98123-45678'],
    ['at home', '09812345678'],
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

  it.each(['919812345679', '5678', 'order 12345', '2026-11-22T10:15:30.000Z'])('is not in %s', (text) => {
    expect(traces.occurIn(text)).toBe(false);
    expect(traces.hiddenIn(text)).toBe(text);
  });

  it.each([
    ['its recipient', { mobileNumber: number }, true],
    ['its recipient, written at home', { mobileNumber: '09812345678' }, true],
    ['its sender, in the message alone', { message: { from: number, type: 'text' } }, true],
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

  it.each(['09812345678', '12345', '5678', 'AD-HDFCBK', '9198123456789012'])(
    'cannot be %s',
    (mobileNumber) => {
      expect(unfindable({ mobileNumber })).toContain('country code');
    },
  );
});

describe('an id', () => {
  const userId = 'US.13491208655302741918';
  const ofUser = createTraces({ userId });

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
    expect(ofUser.isTheirs(testEvent({ messageId: userId }))).toBe(false);
  });
});
