import { describe, expect, it } from 'vitest';
import { type ParseContext, parseEvent } from './parse-event.ts';

const operator: ParseContext = { accountId: null, hasAccount: (id) => id === 'acc_1' };
const customer: ParseContext = { accountId: 'acc_1', hasAccount: () => true };
const dlr = { product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' };
const mo = {
  product: 'whatsapp',
  reportType: 'mo',
  messageId: 'wamid.1',
  mobileNumber: '919812345678',
  message: { type: 'text', text: { body: 'hi' } },
};

function parsed(input: unknown, context = customer) {
  const outcome = parseEvent(input, context);
  if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors));
  return outcome.parsed;
}

/** path → message of what is wrong. */
function problems(input: unknown, context = customer): Record<string, string> {
  const outcome = parseEvent(input, context);
  return 'errors' in outcome
    ? Object.fromEntries(outcome.errors.map(({ path, message }) => [path, message]))
    : {};
}

describe('parseEvent', () => {
  it('reads a delivery report, everything that is not given as unknown', () => {
    expect(parsed(dlr)).toEqual({
      ownId: null,
      event: {
        accountId: 'acc_1',
        ...dlr,
        productUniqueId: null,
        transactionId: null,
        part: null,
        errorCode: null,
        mobileNumber: null,
        userId: null,
        profileName: null,
        receivedTime: null,
        sentTime: null,
        deliveredTime: null,
        readTime: null,
        attributes: null,
        message: null,
      },
    });
  });

  it('reads every field', () => {
    const times = {
      receivedTime: '2026-11-22T10:15:30.000Z',
      sentTime: '2026-11-22T15:45:30.420+05:30',
      deliveredTime: '2026-11-22T10:15:33Z',
      readTime: '2026-11-22T10:16Z',
    };
    const rest = {
      accountId: 'acc_1',
      product: 'whatsapp',
      reportType: 'dlr',
      productUniqueId: '919999999999',
      transactionId: '81934341034091431',
      messageId: 'wamid.1',
      part: 2,
      status: 'read',
      errorCode: '000',
      mobileNumber: '919812345678',
      userId: 'US.1349',
      profileName: 'Zoë 🙂',
      attributes: { templateId: 't1', nested: { list: [1, null, 'x'] } },
    };
    const at = Date.UTC(2026, 10, 22, 10, 15, 30);
    expect(parsed({ id: 'mine', ...rest, ...times, message: null })).toEqual({
      ownId: 'mine',
      event: {
        ...rest,
        attributes: '{"templateId":"t1","nested":{"list":[1,null,"x"]}}',
        message: null,
        receivedTime: at,
        sentTime: at + 420,
        deliveredTime: at + 3_000,
        readTime: at + 30_000,
      },
    });
  });

  it('reads an inbound message with a number or only a user id', () => {
    expect(parsed(mo).event).toMatchObject({ message: JSON.stringify(mo.message), status: null });
    const { mobileNumber: _, ...unnumbered } = mo;
    expect(parsed({ ...unnumbered, userId: 'US.1349' }).event).toMatchObject({ userId: 'US.1349' });
  });

  it('takes null for what is not given', () => {
    const nothing = {
      id: null,
      accountId: null,
      part: null,
      receivedTime: null,
      attributes: null,
      message: null,
    };
    expect(parsed({ ...dlr, ...nothing })).toEqual(parsed(dlr));
  });

  it.each([[null], ['text'], [7], [[dlr]]])('refuses %o', (input) => {
    expect(problems(input)).toEqual({ '': 'An event is a JSON object.' });
  });

  it.each<[string, unknown, RegExp]>([
    ['messageId', 123, /as text, in quotes/],
    ['errorCode', 0, /as text, in quotes/],
    ['messageId', true, /must be text/],
    ['messageId', ['m1'], /must be text/],
    ['messageId', '', /must not be empty/],
    ['status', '', /must not be empty/],
    ['id', 'x'.repeat(129), /129 characters; at most 128/],
    ['status', 'x'.repeat(33), /at most 32/],
    ['messageId', 'x'.repeat(513), /at most 512/],
    ['messageId', 'a\0b', /U\+0000/],
    ['id', 'a\ud83d', /half of a character/],
    ['part', 0, /from 1 to 255/],
    ['part', 256, /from 1 to 255/],
    ['part', 1.5, /from 1 to 255/],
    ['part', '1', /from 1 to 255/],
    ['receivedTime', '2026-11-22T10:15:30', /no time zone .*ISO 8601 time with its zone/],
    ['deliveredTime', 1_795_342_530, /ISO 8601/],
    ['readTime', '2026-02-30T10:15:30Z', /ISO 8601/],
    ['attributes', [], /JSON object/],
    ['attributes', 'x', /JSON object/],
    ['attributes', { x: 'é'.repeat(8_190) }, /16388 bytes as JSON; at most 16384/],
    ['message', 'hi', /JSON object/],
  ])('refuses %s %o', (field, value, message) => {
    expect(problems({ ...dlr, [field]: value })).toEqual({ [field]: expect.stringMatching(message) });
  });

  it('names every wrong field, each once', () => {
    expect(
      Object.keys(problems({ product: 'sms', reportType: 'dlr', messageId: 5, part: 0, x: 1 })).toSorted(),
    ).toEqual(['messageId', 'part', 'status', 'x']);
  });
});

describe('an unknown field', () => {
  it.each([
    ['messageid', /Did you mean "messageId"\?/],
    ['mobilNumber', /Did you mean "mobileNumber"\?/],
    ['templateId', /Put what else you know under "attributes"/],
    ['__proto__', /no field "__proto__"/],
    ['constructor', /no field "constructor"/],
    ['toString', /no field "toString"/],
  ])('%s is refused with a hint', (name, message) => {
    const input: unknown = JSON.parse(`{"${name}": "x", ${JSON.stringify(dlr).slice(1)}`);
    expect(problems(input)).toEqual({ [name]: expect.stringMatching(message) });
  });

  it('with a very long name is named by its start', () => {
    const name = 'x'.repeat(1_000_000);
    expect(problems({ ...dlr, [name]: 1 })).toEqual({
      [`${'x'.repeat(64)}…`]: expect.stringContaining(`"${'x'.repeat(64)}…"`),
    });
  });

  it('beyond the fiftieth is not looked at', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => [`unknown${i}`, 1]);
    expect(Object.keys(problems({ ...Object.fromEntries(names), ...dlr }))).toHaveLength(50);
  });
});

describe('the account', () => {
  it('must be named by an operator, and exist', () => {
    expect(problems(dlr, operator)).toEqual({
      accountId: expect.stringMatching('^is required with an operator key'),
    });
    expect(problems({ ...dlr, accountId: 'acc_2' }, operator)).toEqual({
      accountId: 'There is no account "acc_2".',
    });
    expect(parsed({ ...dlr, accountId: 'acc_1' }, operator).event.accountId).toBe('acc_1');
  });

  it("is the key's own, named or not, and no other", () => {
    expect(parsed(dlr).event.accountId).toBe('acc_1');
    expect(parsed({ ...dlr, accountId: 'acc_1' }).event.accountId).toBe('acc_1');
    expect(problems({ ...dlr, accountId: 'acc_2' })).toEqual({
      accountId: expect.stringContaining('another account'),
    });
  });
});

describe('what depends on product and report type', () => {
  it.each<[string, object, Record<string, RegExp>]>([
    ['no product', { ...dlr, product: null }, { product: /^is required: "sms" or "whatsapp"/ }],
    [
      "the gateway's own product",
      { ...dlr, product: 'hookwire', reportType: 'operations' },
      { product: /sent by the gateway itself/ },
    ],
    ['another product', { ...dlr, product: 'rcs' }, { product: /^must be "sms" or "whatsapp"/ }],
    ['a product from the prototype', { ...dlr, product: 'constructor' }, { product: /"sms" or "whatsapp"/ }],
    ['no report type', { ...dlr, reportType: null }, { reportType: /^is required: "dlr" for SMS\.$/ }],
    ['an MO on SMS', { ...mo, product: 'sms' }, { reportType: /^must be "dlr" for SMS\.$/ }],
    ['no message id', { ...dlr, messageId: null }, { messageId: /^is required/ }],
    ['a number on SMS', { ...dlr, productUniqueId: '91' }, { productUniqueId: /SMS has no/ }],
    ['a DLR without a status', { ...dlr, status: null }, { status: /needs its status/ }],
    ['a DLR with a message', { ...dlr, message: mo.message }, { message: /only an MO has/ }],
    ['an MO without a message', { ...mo, message: null }, { message: /needs its message/ }],
    ['an MO with a message of no type', { ...mo, message: { text: {} } }, { message: /^needs a type/ }],
    ['an MO from nobody', { ...mo, mobileNumber: null }, { mobileNumber: /who sent it/ }],
    ['an MO with a status', { ...mo, status: 'delivered' }, { status: /only a DLR/ }],
  ])('%s is refused', (_, input, expected) => {
    const wanted = Object.entries(expected).map(([path, words]) => [path, expect.stringMatching(words)]);
    expect(problems(input)).toEqual(Object.fromEntries(wanted));
  });

  it('no message begins with the name of its field, which the path says already', () => {
    for (const input of [
      {},
      { product: 'rcs' },
      { product: 'sms', reportType: 'mo' },
      { ...mo, message: {} },
    ]) {
      for (const [path, message] of Object.entries(problems(input, operator))) {
        expect(message.startsWith(path)).toBe(false);
      }
    }
  });

  it('a status of the platform’s own is as good as any', () => {
    expect(parsed({ ...dlr, status: 'DELIVRD' }).event.status).toBe('DELIVRD');
  });
});
