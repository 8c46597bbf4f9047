import { describe, expect, it } from 'vitest';
import {
  configOf,
  custom,
  errorsOf,
  header,
  mo,
  named,
  settings,
  sms,
  whatsapp,
  without,
} from '../../../testing/webhook-inputs.ts';

it('by other methods than GET a name may be in the query of the URL as well', () => {
  for (const method of ['POST', 'JSON', 'XML'])
    expect(errorsOf({ ...sms, method, url: 'https://a.example/?msg_id=1' })).toEqual({});
  expect(errorsOf({ ...sms, url: 'https://a.example/?MSG_ID=1&msg=2&msg_id2' })).toEqual({});
  expect(errorsOf({ ...mo, method: 'GET', url: 'https://a.example/?message=2' })).toEqual({});
});

it('a flat message carries `message` unless told, but not by GET', () => {
  const sent = ['GET', 'POST', 'JSON', 'XML'].map((method) => configOf({ ...mo, method }).settings.moMessage);
  expect(sent).toEqual([false, true, true, true]);
  expect(configOf({ ...mo, method: 'GET', ...settings({ moMessage: true }) }).settings.moMessage).toBe(true);
  expect(configOf({ ...mo, ...settings({ moMessage: false }) }).settings.moMessage).toBe(false);
});

describe.each<[string, object, string, RegExp]>([
  ['another product', { ...sms, product: 'whatsap' }, 'product', /one of "sms", "whatsapp".*mean "whatsapp"/],
  ['another method', { ...sms, method: 'json' }, 'method', /Did you mean "JSON"/],
  ['an unknown field', { ...sms, metod: 'GET' }, 'metod', /not a known field.*"method"/],
  ['an unknown setting', { ...sms, ...settings({ timeout: 5 }) }, 'settings.timeout', /mean "timeoutMs"/],
  ['an unknown name', { ...sms, ...named({ tId: 'x' }) }, 'parameterNames.tId', /not a known field/],
  ['MO on SMS', { ...mo, product: 'sms' }, 'reportType', /SMS has no "mo" reports; it has "dlr"/],
  ['a number on SMS', { ...sms, productUniqueId: '919999999999' }, 'productUniqueId', /SMS has none/],
  ['a misshapen number', { ...whatsapp, productUniqueId: '+91 99' }, 'productUniqueId', /country code/],
  [
    'a missing name',
    { ...sms, ...without('errorCode') },
    'parameterNames.errorCode',
    /Error Code Parameter is r/,
  ],
  ['an empty name', { ...sms, ...named({ messageId: '' }) }, 'parameterNames.messageId', /empty/],
  ['a name for MO', { ...mo, parameterNames: { status: 's' } }, 'parameterNames.status', /"mo" takes no/],
  ['read time on SMS', { ...sms, ...named({ readTime: 'r' }) }, 'parameterNames.readTime', /SMS does not/],
  ['a status name on SMS', { ...sms, ...named({ status: 's' }) }, 'parameterNames.status', /SMS does not/],
  [
    'one name twice',
    { ...sms, ...named({ messageId: 'mobile' }) },
    'parameterNames.mobileNumber',
    /is the name of parameterNames.messageId/,
  ],
  [
    'a custom name again',
    { ...sms, ...custom('mobile') },
    'customParameters[0].name',
    /parameterNames.mobileNumber/,
  ],
  [
    'a name with a line end',
    { ...sms, ...custom('a\nb') },
    'customParameters[0].name',
    /\(a line end\), as its character 2/,
  ],
  ['a name with a space at its end', { ...sms, ...custom('a ') }, 'customParameters[0].name', /space/],
  [
    'a name that XML cannot have',
    { ...sms, method: 'XML', ...custom('1st') },
    'customParameters[0].name',
    /XML name/,
  ],
  [
    'a parameter that XML cannot have',
    { ...sms, method: 'XML', ...named({ messageId: 'a b' }) },
    'parameterNames.messageId',
    /XML name/,
  ],
  [
    "a flat MO's own name",
    { ...mo, ...custom('wabaNumber') },
    'customParameters[0].name',
    /inbound message itself/,
  ],
  [
    "a name of Meta's object",
    { ...mo, method: 'JSON', ...custom('contacts') },
    'customParameters[0].name',
    /inbound/,
  ],
  [
    'a long custom value',
    { ...sms, ...custom('a', 'x'.repeat(1025)) },
    'customParameters[0].value',
    /at most 1024/,
  ],
  [
    '21 custom parameters',
    { ...sms, customParameters: Array.from({ length: 21 }, (_, i) => ({ name: `p${i}`, value: '' })) },
    'customParameters',
    /0 to 20 items/,
  ],
  ['half an emoji', { ...sms, ...custom('a', '\ud83d') }, 'customParameters[0].value', /surrogate/],
  [
    'a header of the connection',
    { ...sms, ...header('Content-Length') },
    'customHeaders[0].name',
    /cannot be set/,
  ],
  [
    'a header of the gateway',
    { ...sms, ...header('Webhook-Signature') },
    'customHeaders[0].name',
    /cannot be set/,
  ],
  ['a header name with a colon', { ...sms, ...header('a:b') }, 'customHeaders[0].name', /not a header name/],
  [
    'a header name with CR LF',
    { ...sms, ...header('a\r\nb') },
    'customHeaders[0].name',
    /line end.* character 2/,
  ],
  [
    'a header value with CR LF',
    { ...sms, ...header('a', 'b\r\nc: d') },
    'customHeaders[0].value',
    /line end.* character 2/,
  ],
  ['a header value beyond Latin-1', { ...sms, ...header('a', '🙂') }, 'customHeaders[0].value', /Latin-1/],
  ['a masked header value', { ...sms, ...header('a', '••••et') }, 'customHeaders[0].value', /masked/],
  [
    'one header twice',
    {
      ...sms,
      customHeaders: [
        { name: 'X-A', value: '1' },
        { name: 'x-a', value: '2' },
      ],
    },
    'customHeaders[1].name',
    /customHeaders\[0\]\.name/,
  ],
  [
    'a header name that ends in what nobody sees',
    { ...sms, ...header('X-Key\u200b') },
    'customHeaders[0].name',
    /U\+200B .* character 6/,
  ],
  [
    'a no-break space in a header value',
    { ...sms, ...header('a', 'Bearer\u00a0x') },
    'customHeaders[0].value',
    /U\+00A0 .* character 7/,
  ],
  [
    'a soft hyphen in a header value',
    { ...sms, ...header('a', 'to\u00adken') },
    'customHeaders[0].value',
    /soft hyphen/,
  ],
  [
    'a C1 control in a header value',
    { ...sms, ...header('a', 'token\u0085') },
    'customHeaders[0].value',
    /U\+0085/,
  ],
  [
    'a zero-width space in a name',
    { ...sms, ...named({ messageId: 'm\u200bid' }) },
    'parameterNames.messageId',
    /U\+200B/,
  ],
  [
    'a no-break space in a custom name',
    { ...sms, ...custom('my\u00a0tenant') },
    'customParameters[0].name',
    /U\+00A0/,
  ],
  [
    'a joiner behind the host of a URL',
    { ...sms, url: 'https://نامه\u200cای.example/\u200c' },
    'url',
    /character 25/,
  ],
  ['a direction mark in a URL', { ...sms, url: 'https://example.com/dlr\u200e' }, 'url', /U\+200E/],
  [
    "a name of the URL's own query, by GET",
    { ...sms, url: 'https://a.example/?msg_id=1' },
    'parameterNames.messageId',
    /sent twice/,
  ],
  [
    'one that is encoded there',
    { ...sms, url: 'https://a.example/?m%73g%5Fid=1' },
    'parameterNames.messageId',
    /"msg_id"/,
  ],
  [
    'one without a value there',
    { ...sms, url: 'https://a.example/?x=1&msg_id' },
    'parameterNames.messageId',
    /sent twice/,
  ],
  [
    'one with a plus there',
    { ...sms, ...custom('my tenant'), url: 'https://a.example/?my+tenant=1' },
    'customParameters[0].name',
    /sent twice/,
  ],
  [
    "a custom parameter of an MO's URL",
    { ...mo, ...custom('key'), method: 'GET', url: 'https://a.example/?key=1' },
    'customParameters[0].name',
    /sent twice/,
  ],
  [
    "a name of the message in the URL's own query",
    { ...mo, method: 'GET', url: 'https://a.example/?a=1&typ%65=2' },
    'url',
    /"type" in its query/,
  ],
  [
    'the message itself there, where it is sent',
    { ...mo, method: 'GET', ...settings({ moMessage: true }), url: 'https://a.example/?message=2' },
    'url',
    /"message"/,
  ],
  ['no URL', { ...sms, url: undefined }, 'url', /is required/],
  ['another scheme', { ...sms, url: 'ftp://example.com' }, 'url', /http:\/\/ or https/],
  ['no host', { ...sms, url: 'https://' }, 'url', /not a URL/],
  ['a URL with a password', { ...sms, url: 'https://a:b@example.com' }, 'url', /user name or password/],
  ['a URL with a fragment', { ...sms, url: 'https://example.com/#a' }, 'url', /fragment/],
  ['a URL with an empty fragment', { ...sms, url: 'https://example.com/#' }, 'url', /fragment/],
  ['a URL with a line end', { ...sms, url: 'https://example.com/\na' }, 'url', /control characters/],
  ['a URL with a space', { ...sms, url: ' https://example.com/' }, 'url', /spaces/],
  ['a URL with a backslash', { ...sms, url: 'https://example.com\\@evil.com/' }, 'url', /backslashes/],
  ['port 0', { ...sms, url: 'https://example.com:0/' }, 'url', /port from 1/],
  ['port 65536', { ...sms, url: 'https://example.com:65536/' }, 'url', /port from 1/],
  [
    'a host with two dots side by side',
    { ...sms, url: 'https://example..com/' },
    'url',
    /no name .* two dots/,
  ],
  ['a host with two dots at its end', { ...sms, url: 'https://example.com../' }, 'url', /more than one dot/],
  [
    'a host with a dot at its beginning',
    { ...sms, url: 'https://.example.com/' },
    'url',
    /begins with a dot/,
  ],
  ['an encoded dot for a host', { ...sms, url: 'https://%2E/' }, 'url', /nothing stands in it/],
  ['a host that begins with a hyphen', { ...sms, url: 'https://-example.com/' }, 'url', /hyphen/],
  ['a part of a host that ends with one', { ...sms, url: 'https://a-.example.com:8443/' }, 'url', /hyphen/],
  ['a host with a wildcard', { ...sms, url: 'https://*.example.com/' }, 'url', /"\*"/],
  ['a host with a long part', { ...sms, url: `https://${'a'.repeat(64)}.example/` }, 'url', /63 characters/],
  ['a long URL', { ...sms, url: `https://example.com/${'a'.repeat(2040)}` }, 'url', /at most 2048/],
  ['a blocked address', { ...sms, url: 'http://10.0.0.1/' }, 'url', /private/],
  ['a short timeout', { ...sms, ...settings({ timeoutMs: 999 }) }, 'settings.timeoutMs', /1000 to 30000/],
  [
    'a fraction of a millisecond',
    { ...sms, ...settings({ timeoutMs: 1500.5 }) },
    'settings.timeoutMs',
    /whole number/,
  ],
  [
    'too much concurrency',
    { ...sms, ...settings({ maxConcurrency: 201 }) },
    'settings.maxConcurrency',
    /1 to 200/,
  ],
  [
    'a rate of nothing',
    { ...sms, ...settings({ ratePerSecond: 0 }) },
    'settings.ratePerSecond',
    /0.1 to 10000/,
  ],
  [
    'too many attempts',
    { ...sms, ...settings({ retry: { maxAttempts: 21 } }) },
    'settings.retry.maxAttempts',
    /1 to 20/,
  ],
  [
    'no time to give up',
    { ...sms, ...settings({ retry: { giveUpAfterMs: 1 } }) },
    'settings.retry.giveUpAfterMs',
    /60000 to 604800000/,
  ],
  [
    'a failure that counts as success',
    { ...sms, ...settings({ success: { codes: [500] } }) },
    'settings.success.codes[0]',
    /200 to 299/,
  ],
  [
    'no success at all',
    { ...sms, ...settings({ success: { codes: [] } }) },
    'settings.success.codes',
    /1 to 50/,
  ],
  [
    'a code twice',
    { ...sms, ...settings({ success: { codes: [200, 200] } }) },
    'settings.success.codes',
    /twice/,
  ],
  [
    'an empty text to find',
    { ...sms, ...settings({ success: { bodyContains: '' } }) },
    'settings.success.bodyContains',
    /empty/,
  ],
  ['an unknown zone', { ...sms, ...settings({ timeZone: 'Asia/Kolkatta' }) }, 'settings.timeZone', /IANA/],
  [
    'an unknown time format',
    { ...sms, ...settings({ timeFormat: 'epoch' }) },
    'settings.timeFormat',
    /one of/,
  ],
  [
    "Meta's object in XML",
    { ...mo, method: 'XML', ...settings({ moFormat: 'whatsapp' }) },
    'settings.moFormat',
    /JSON only/,
  ],
  ['statuses for MO', { ...mo, ...settings({ statuses: ['read'] }) }, 'settings.statuses', /"dlr" only/],
  [
    'a long status',
    { ...sms, ...settings({ statuses: ['x'.repeat(33)] }) },
    'settings.statuses[0]',
    /at most 32/,
  ],
  [
    'a batch of one',
    { ...sms, method: 'JSON', ...settings({ batch: { maxItems: 1, maxWaitMs: 0 } }) },
    'settings.batch.maxItems',
    /2 to 500/,
  ],
  [
    'a batch of too many',
    { ...sms, method: 'XML', ...settings({ batch: { maxItems: 501, maxWaitMs: 0 } }) },
    'settings.batch.maxItems',
    /2 to 500/,
  ],
  [
    'a batch of too many messages',
    { ...mo, method: 'JSON', ...settings({ batch: { maxItems: 101, maxWaitMs: 0 } }) },
    'settings.batch.maxItems',
    /2 to 100 for "mo"/,
  ],
  [
    'a batch that waits for ever',
    { ...sms, method: 'JSON', ...settings({ batch: { maxItems: 10, maxWaitMs: 60_001 } }) },
    'settings.batch.maxWaitMs',
    /0 to 60000/,
  ],
  [
    'a batch without its wait',
    { ...sms, method: 'JSON', ...settings({ batch: { maxItems: 10 } }) },
    'settings.batch.maxWaitMs',
    /required/,
  ],
  [
    'a batch that is on',
    { ...sms, method: 'JSON', ...settings({ batch: true }) },
    'settings.batch',
    /an object or null/,
  ],
  [
    'a batch by GET',
    { ...sms, ...settings({ batch: { maxItems: 10, maxWaitMs: 0 } }) },
    'settings.batch',
    /JSON and XML only/,
  ],
  [
    'a batch by POST',
    { ...mo, ...settings({ batch: { maxItems: 10, maxWaitMs: 0 } }) },
    'settings.batch',
    /JSON and XML only/,
  ],
  ['a long description', { ...sms, description: 'x'.repeat(501) }, 'description', /at most 500/],
  ['a list for text', { ...sms, url: ['https://example.com'] }, 'url', /must be text/],
])('a webhook with %s', (_what, input, path, message) => {
  it(`is refused at ${path}, and nowhere else`, () => {
    const errors = errorsOf(input);
    expect(Object.keys(errors)).toEqual([path]);
    expect(errors[path]).toMatch(message);
  });
});
