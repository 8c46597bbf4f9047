import { describe, expect, it } from 'vitest';
import { formatAccepted } from './formats.ts';

describe('the format that a call accepts', () => {
  it.each([
    ['text/csv', 'csv'],
    ['Text/CSV; charset=utf-8', 'csv'],
    ['text/csv, */*;q=0.5', 'csv'],
    ['text/csv, */*', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['text/csv;q=0.3, application/x-ndjson;q=0.8', 'ndjson'],
    ['application/json;q=0.2, text/csv', 'csv'],
    [undefined, null],
    ['', null],
    ['*/*', null],
    ['text/*', null],
    ['application/json', null],
    ['application/json, text/csv', null],
    ['application/json, text/csv;q=0.9', null],
    ['*/*, text/csv;q=0.9', null],
    ['text/csv;q=0', null],
    ['text/csv;q=x', null],
    ['text/html,application/xhtml+xml,*/*;q=0.8', null],
  ])('is, for %j, %s', (accept, format) => expect(formatAccepted(accept)).toBe(format));
});
