import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/problem.ts';
import { errorsAtFields } from './use-submit.ts';

function invalid(...errors: { path: string; message: string }[]) {
  return new ApiError({ status: 422, code: 'invalid_input', title: 'Invalid', detail: 'Wrong.', errors });
}

describe('errors at their fields', () => {
  it('stand at the field that the gateway names, as a sentence', () => {
    const error = invalid({ path: 'email', message: 'must be an e-mail address.' });
    expect(errorsAtFields(error, ['name', 'email'])).toEqual({ email: 'Must be an e-mail address.' });
  });

  it('stand at the field that holds the place, with the first of several', () => {
    const error = invalid(
      { path: 'scopes[1]', message: 'is unknown.' },
      { path: 'scopes[2]', message: 'is twice.' },
    );
    expect(errorsAtFields(error, ['scopes'])).toEqual({ scopes: 'Is unknown.' });
  });

  it('are none for fields that the form does not have, or for other failures', () => {
    expect(errorsAtFields(invalid({ path: 'other', message: 'x' }), ['name'])).toEqual({});
    expect(errorsAtFields(new TypeError('fetch failed'), ['name'])).toEqual({});
  });
});
