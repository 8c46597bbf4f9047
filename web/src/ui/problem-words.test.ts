import { describe, expect, it } from 'vitest';
import document from '../../../docs/reference/openapi.json' with { type: 'json' };
import { errorTable } from '../../../src/core/errors.ts';
import { ApiError } from '../api/problem.ts';
import { fieldHeading, plainWords } from './field-words.ts';
import { problemWords } from './problem-words.ts';

function errorOf(code: string, more: object = {}): ApiError {
  const status = Reflect.get(errorTable, code)?.status ?? 500;
  return new ApiError({ status, code, title: 'A title', detail: 'A detail.', ...more });
}

/** What an account must not read. */
const ofMachines = /HOOKWIRE_|`|\b[a-z]+[A-Z][A-Za-z]+\b|Authorization|Bearer|Retry-After|\bAPI\b|JSON/;

describe('an error, for people,', () => {
  it.each(Object.keys(errorTable))('is one sentence and advice that fits: %s', (code) => {
    const { says, detail, advice } = problemWords(errorOf(code));
    expect(says).toMatch(/^[A-Z][^.]*\.$/);
    expect(advice ?? detail).toMatch(/^[A-Z].*\.$/);
    expect(`${says} ${advice}`).not.toMatch(ofMachines);
  });

  it('says the same of no two that need something else done', () => {
    const said = Object.keys(errorTable).map((code) => problemWords(errorOf(code)).says);
    const twice = said.filter((one, index) => said.indexOf(one) !== index);
    expect(twice).toEqual([]);
  });

  it("has the gateway's own words where they are of this case", () => {
    const detail = 'The person has a role there already, or is invited right now.';
    expect(problemWords(errorOf('conflict', { detail })).detail).toBe(detail);
    const limit = 'The account may have 2 webhooks and has them. Delete one that is not needed.';
    expect(problemWords(errorOf('limit_reached', { detail: limit }))).toMatchObject({
      detail: limit,
      advice: null,
    });
    expect(problemWords(errorOf('internal', { detail: 'its log says why' })).detail).toBeNull();
    expect(problemWords(errorOf('invalid_input')).detail).toBe('A detail.');
  });

  it('names the places of the input as the forms do', () => {
    const errors = [
      { path: 'customHeaders[1].name', message: '"X-A" is the name of customHeaders[0].name already.' },
      { path: 'productUniqueId', message: 'must be the number in international form.' },
      { path: 'parameterNames.messageId', message: 'is required.' },
      { path: 'settings.retry.maxAttempts', message: 'must be from 1 to 20.' },
      { path: '', message: 'must have messageId, transactionId or mobileNumber.' },
    ];
    expect(problemWords(errorOf('invalid_input', { errors })).wrong).toEqual([
      { field: 'Custom header 2, name', message: '"X-A" is the name of custom header 1, name already.' },
      { field: 'Waba Number', message: 'must be the number in international form.' },
      { field: 'Message ID Parameter', message: 'is required.' },
      { field: 'Attempts', message: 'must be from 1 to 20.' },
      { field: '', message: 'must have message ID, transaction ID or mobile number.' },
    ]);
  });

  it('of a code that is not known yet is one of its kind', () => {
    expect(problemWords(errorOf('brand_new', { status: 503 })).says).toBe('The gateway failed to answer.');
    expect(problemWords(errorOf('brand_new', { status: 409 })).detail).toBe('A detail.');
  });

  it('that the page made itself says so', () => {
    expect(problemWords(new TypeError('x is undefined')).says).toBe('Something went wrong in this page.');
  });
});

describe('a field of the API', () => {
  const schemas = document.components.schemas as Record<string, { properties?: object }>;
  const bodies = ['NewWebhook', 'WebhookSettings', 'RetrySettings', 'SuccessSettings', 'BatchSettings'];
  const others = [
    'NewSender',
    'NewPerson',
    'NewKey',
    'NewAccount',
    'PersonChange',
    'NewPortalLink',
    'Replay',
  ];

  it('has words of its own in every form of the portal', () => {
    const fields = [...bodies, ...others].flatMap((name) => Object.keys(schemas[name]?.properties ?? {}));
    expect(fields.length).toBeGreaterThan(40);
    for (const field of fields) expect(fieldHeading(field)).not.toMatch(/[a-z][A-Z]/);
  });

  it('is not read in a sentence either, but what somebody wrote is', () => {
    expect(plainWords('is required unless "messageId" is given.')).toBe(
      'is required unless message ID is given.',
    );
    expect(plainWords('There is no webhook "wh_0aB".')).toBe('There is no webhook "wh_0aB".');
    expect(plainWords('"X-myOwnHeader" cannot be set.')).toBe('"X-myOwnHeader" cannot be set.');
  });
});
