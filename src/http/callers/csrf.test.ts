import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refuseForeignPage, requireOwnPage } from './csrf.ts';

const publicUrl = 'https://hooks.example.com';
const host = '127.0.0.1:8080';

function requires(headers: IncomingHttpHeaders, method = 'POST'): () => void {
  return () => requireOwnPage({ method, headers: { host, 'hookwire-csrf': '1', ...headers } }, publicUrl);
}

describe('what a cookie alone does not show', () => {
  it.each<[string, IncomingHttpHeaders]>([
    ['the browser says that the page is ours', { 'sec-fetch-site': 'same-origin' }],
    ['the origin is the public one, behind a proxy that changes the host', { origin: publicUrl }],
    ['the origin is the host that was asked', { origin: `http://${host}` }],
  ])('is shown when %s', (_what, headers) => {
    expect(requires(headers)).not.toThrow();
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['the browser calls the page another site’s', { 'sec-fetch-site': 'cross-site', origin: publicUrl }],
    ['the browser calls it a neighbour’s', { 'sec-fetch-site': 'same-site' }],
    ['somebody typed the address', { 'sec-fetch-site': 'none' }],
    ['the origin is another', { origin: 'https://evil.example' }],
    ['the origin is another port', { origin: 'http://127.0.0.1:1' }],
    ['the origin is hidden', { origin: 'null' }],
    ['the origin is no origin', { origin: host }],
    ['nobody says', {}],
    ['the header is missing', { 'sec-fetch-site': 'same-origin', 'hookwire-csrf': undefined }],
  ])('is not when %s', (_what, headers) => {
    expect(requires(headers)).toThrow(expect.objectContaining({ code: 'csrf' }));
  });

  it.each(['GET', 'HEAD'])('is not needed to %s', (method) => {
    expect(requires({ 'sec-fetch-site': 'cross-site' }, method)).not.toThrow();
  });

  it('is asked of whoever signs in only where the browser says that the page is not ours', () => {
    const from = (headers: IncomingHttpHeaders) => () =>
      refuseForeignPage({ method: 'POST', headers: { host, ...headers } }, publicUrl);
    expect(from({})).not.toThrow();
    expect(from({ origin: publicUrl })).not.toThrow();
    expect(from({ origin: 'https://evil.example' })).toThrow(expect.objectContaining({ code: 'csrf' }));
  });
});
