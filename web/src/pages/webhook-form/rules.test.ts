import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWebhookConfig } from '../../../../src/http/resources/webhooks/input/parse.ts';
import { catalog } from '../../testing/catalog.ts';
import { type Draft, emptyDraft, inputOf, withExampleNames } from './draft.ts';
import { problemsOf } from './rules.ts';
import type { SettingsDraft } from './settings-draft.ts';

const sms: Draft = { ...withExampleNames(emptyDraft(catalog), catalog), url: 'https://example.com/dlr' };
const whatsapp: Draft = withExampleNames({ ...sms, product: 'whatsapp', method: 'JSON' }, catalog);
const mo: Draft = { ...whatsapp, reportType: 'mo' };

const saved = [{ name: 'X-Api-Key', value: '••••et' }];
const problems = (draft: Draft) => problemsOf(draft, { catalog, savedHeaders: [] });

/** Where the gateway finds something wrong with what the form would send. */
function refusedBy(draft: Draft): string[] {
  const parsed = parseWebhookConfig(JSON.parse(JSON.stringify(inputOf(draft, catalog))));
  return 'errors' in parsed ? parsed.errors.map(({ path }) => path) : [];
}

/** Fields that take a list say nothing of its items. */
const fieldOf = (path: string) => path.replace(/^(settings\..*)\[\d+\]$/, '$1');
const placesOf = (paths: readonly string[]) => [...new Set(paths.map(fieldOf))].sort();

const named = (parameterNames: Draft['parameterNames']) => ({
  parameterNames: { ...sms.parameterNames, ...parameterNames },
});
const parameters = (...pairs: [string, string][]) => ({ customParameters: rows(pairs) });
const headers = (...pairs: [string, string][]) => ({ customHeaders: rows(pairs) });
const rows = (pairs: [string, string][]) => ({
  on: true,
  rows: pairs.map(([name, value], id) => ({ id, name, value })),
});
const settings = (change: Partial<SettingsDraft>) => ({ settings: { ...sms.settings, ...change } });

describe('the rules of the form', () => {
  it('find nothing wrong with what is right', () => {
    for (const draft of [sms, whatsapp, mo, { ...mo, method: 'XML' } satisfies Draft]) {
      expect(problems(draft)).toEqual({});
      expect(refusedBy(draft)).toEqual([]);
    }
  });

  it.each<[string, Draft, string]>([
    ['no URL', { ...sms, url: '' }, 'url'],
    ['another scheme', { ...sms, url: 'ftp://example.com' }, 'url'],
    ['a URL with a password', { ...sms, url: 'https://a:b@example.com' }, 'url'],
    ['a URL with a fragment', { ...sms, url: 'https://example.com/#a' }, 'url'],
    ['a URL with a space', { ...sms, url: 'https://example.com/ ' }, 'url'],
    ['a long URL', { ...sms, url: `https://example.com/${'a'.repeat(2048)}` }, 'url'],
    ['a missing name', { ...sms, ...named({ errorCode: '' }) }, 'parameterNames.errorCode'],
    ['a long name', { ...sms, ...named({ errorCode: 'e'.repeat(65) }) }, 'parameterNames.errorCode'],
    ['a space at the end', { ...sms, ...named({ errorCode: 'e ' }) }, 'parameterNames.errorCode'],
    ['one name twice', { ...sms, ...named({ mobileNumber: 'msg_id' }) }, 'parameterNames.mobileNumber'],
    [
      'a name that XML cannot have',
      { ...sms, method: 'XML', ...named({ errorCode: '1st' }) },
      'parameterNames.errorCode',
    ],
    ['a custom name again', { ...sms, ...parameters(['mobile', '']) }, 'customParameters[0].name'],
    ['a custom parameter without a name', { ...sms, ...parameters(['', '42']) }, 'customParameters[0].name'],
    ['a long custom value', { ...sms, ...parameters(['a', 'x'.repeat(1025)]) }, 'customParameters[0].value'],
    ['a header of the connection', { ...sms, ...headers(['Host', 'a']) }, 'customHeaders[0].name'],
    ['a header of the gateway', { ...sms, ...headers(['webhook-id', 'a']) }, 'customHeaders[0].name'],
    ['a header name with a colon', { ...sms, ...headers(['a:', 'a']) }, 'customHeaders[0].name'],
    ['a header without a name', { ...sms, ...headers(['', 'a']) }, 'customHeaders[0].name'],
    ['one header twice', { ...sms, ...headers(['X-A', '1'], ['x-a', '2']) }, 'customHeaders[1].name'],
    ['a header value beyond Latin-1', { ...sms, ...headers(['a', '🙂']) }, 'customHeaders[0].value'],
    [
      'a header value with a no-break space',
      { ...sms, ...headers(['a', 'b\u00a0c']) },
      'customHeaders[0].value',
    ],
    [
      'a header name with a zero-width space',
      { ...sms, ...headers(['a\u200b', 'b']) },
      'customHeaders[0].name',
    ],
    [
      'a custom name with a soft hyphen',
      { ...sms, ...parameters(['a\u00adb', '']) },
      'customParameters[0].name',
    ],
    [
      "a name of the URL's own query, by GET",
      { ...sms, method: 'GET', url: 'https://a.example/?m%6Fbile=1' },
      'parameterNames.mobileNumber',
    ],
    ['a masked value of nothing', { ...sms, ...headers(['a', '••••et']) }, 'customHeaders[0].value'],
    ['a long description', { ...sms, description: 'x'.repeat(501) }, 'description'],
    ['no time zone', { ...sms, ...settings({ timeZone: 'Mars/Base' }) }, 'settings.timeZone'],
    ['a short timeout', { ...sms, ...settings({ timeoutSeconds: '0.5' }) }, 'settings.timeoutMs'],
    ['a timeout in words', { ...sms, ...settings({ timeoutSeconds: 'ten' }) }, 'settings.timeoutMs'],
    ['half a request', { ...sms, ...settings({ maxConcurrency: '1.5' }) }, 'settings.maxConcurrency'],
    ['too many requests', { ...sms, ...settings({ maxConcurrency: '201' }) }, 'settings.maxConcurrency'],
    ['a rate of nothing', { ...sms, ...settings({ ratePerSecond: '0' }) }, 'settings.ratePerSecond'],
    ['no attempt', { ...sms, ...settings({ maxAttempts: '0' }) }, 'settings.retry.maxAttempts'],
    [
      'a long time',
      { ...sms, ...settings({ giveUpAfter: '8', giveUpUnit: 'days' }) },
      'settings.retry.giveUpAfterMs',
    ],
    ['a code of failure', { ...sms, ...settings({ successCodes: '200, 500' }) }, 'settings.success.codes'],
    ['a code twice', { ...sms, ...settings({ successCodes: '200 200' }) }, 'settings.success.codes'],
    [
      'a long text',
      { ...sms, ...settings({ bodyContains: 'x'.repeat(257) }) },
      'settings.success.bodyContains',
    ],
    [
      'a batch of one',
      { ...whatsapp, ...settings({ batch: true, batchMaxItems: '1' }) },
      'settings.batch.maxItems',
    ],
    [
      'a batch of many messages',
      { ...mo, ...settings({ batch: true, batchMaxItems: '101' }) },
      'settings.batch.maxItems',
    ],
    [
      'a long wait',
      { ...whatsapp, ...settings({ batch: true, batchWaitSeconds: '61' }) },
      'settings.batch.maxWaitMs',
    ],
    ['a long status', { ...sms, ...settings({ statuses: ['x'.repeat(33)] }) }, 'settings.statuses'],
    [
      'an unknown operational event',
      { ...sms, product: 'hookwire', ...settings({ statuses: ['x'] }) },
      'settings.statuses',
    ],
  ])('find %s where the gateway does', (_, draft, path) => {
    expect(placesOf(Object.keys(problems(draft)))).toEqual([path]);
    expect(placesOf(refusedBy(draft))).toEqual([path]);
  });

  it('agree with the gateway on whatever somebody types', () => {
    const text = fc.oneof(
      fc.constantFrom(
        '',
        'mobile',
        'a b',
        ' a',
        '1st',
        'ä',
        'Host',
        'x-a',
        'X-A',
        '🙂',
        '200',
        '1,5',
        '-1',
        '••••',
        'a\u00a0b',
        'https://a.example/?mobile&x-a=1',
      ),
      fc.string({ maxLength: 8 }),
    );
    const pairs = fc.array(fc.tuple(text, text), { maxLength: 3 });
    const draft = fc
      .record({
        base: fc.constantFrom(sms, whatsapp),
        method: fc.constantFrom('GET', 'POST', 'JSON', 'XML'),
        url: fc.oneof(fc.webUrl({ withQueryParameters: true }), text),
        names: fc.record({ messageId: text, errorCode: text, readTime: text }),
        parameters: pairs,
        headers: pairs,
        number: text,
        statuses: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 })),
      })
      .map(
        ({ base, method, url, names, parameters: some, headers: others, number, statuses }): Draft => ({
          ...base,
          method: method as Draft['method'],
          url,
          parameterNames: { ...base.parameterNames, ...names },
          customParameters: rows(some),
          customHeaders: rows(others),
          settings: { ...base.settings, maxConcurrency: number, successCodes: number, statuses },
        }),
      );
    fc.assert(
      fc.property(draft, (each) => {
        expect(placesOf(Object.keys(problems(each)))).toEqual(placesOf(refusedBy(each)));
      }),
      { numRuns: 60 },
    );
  });

  it('let the value of a saved header stay masked, under its own name only', () => {
    const withSaved = (name: string, value: string) =>
      problemsOf({ ...sms, ...headers([name, value]) }, { catalog, savedHeaders: saved });
    expect(withSaved('x-api-key', '••••et')).toEqual({});
    expect(Object.keys(withSaved('X-Other', '••••et'))).toEqual(['customHeaders[0].value']);
    expect(Object.keys(withSaved('X-Api-Key', '••••xx'))).toEqual(['customHeaders[0].value']);
  });

  it('tell what is missing from what is wrong', () => {
    expect(problems(emptyDraft(catalog)).url).toEqual({ message: 'The URL is required.', missing: true });
    expect(problems({ ...sms, url: 'x' }).url).toEqual({
      message: 'Must begin with http:// or https://.',
      missing: false,
    });
  });
});
