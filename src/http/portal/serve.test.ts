import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';

const page = { key: null, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
const script = { key: null, headers: { accept: '*/*' } };
const index = '<!doctype html><title>Hookwire</title>';
const entry = 'console.log("portal")';

/** Asks for the path as it is written; `fetch` and `inject` would resolve its steps. */
async function getExactly(origin: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ hostname, port, path }, resolve).on('error', reject);
  const answer = await promise;
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}

describe('the portal', () => {
  let listening: Promise<string>;
  let directory: string;
  let fixture: HttpFixture;
  let framed: HttpFixture;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hookwire-portal-'));
    await mkdir(join(directory, 'assets'));
    await mkdir(join(directory, '.vite'));
    await writeFile(join(directory, '.vite', 'manifest.json'), '{}');
    await writeFile(join(directory, 'index.html'), index);
    await writeFile(join(directory, 'favicon.svg'), '<svg/>');
    await writeFile(join(directory, 'assets', 'index-4f2a.js'), entry);
    await writeFile(join(directory, 'assets', 'index-4f2a.js.gz'), gzipSync(entry));
    await writeFile(join(directory, 'assets', 'index-4f2a.css'), 'body{}');
    const clock = createManualClock();
    fixture = await createHttpFixture(clock, { portal: { directory, frameOrigins: [] } });
    listening = fixture.app.listen({ host: '127.0.0.1', port: 0 });
    framed = await createHttpFixture(clock, {
      portal: { directory, frameOrigins: ['https://console.example.com', 'http://localhost:3000'] },
    });
  });
  afterAll(async () => {
    await fixture.app.close();
    await framed.app.close();
    await rm(directory, { recursive: true });
  });

  it.each(['/', '/sign-in', '/a/acc_1/webhooks/wh_1/edit', '/accounts?q=x', '/v1x', '/documents'])(
    'answers a browser that asks for %s with its page',
    async (path) => {
      const answer = await fixture.call('GET', path, undefined, page);
      expect(answer).toMatchObject({ status: 200, text: index });
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.headers.vary).toMatch(/^accept\b/);
    },
  );

  it.each(['/v1', '/v1/nothing', '/v1/accounts/nobody/nothing', '/metrics/x', '/in/x', '/assets/none.js'])(
    'leaves %s to the API, whoever asks',
    async (path) => {
      const answer = await fixture.call('GET', path, undefined, page);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );

  it('answers a program that asks for something unknown with a problem', async () => {
    for (const accept of ['*/*', 'application/json']) {
      const answer = await fixture.call('GET', '/a/acc_1', undefined, { key: null, headers: { accept } });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await fixture.call('POST', '/a/acc_1', {}, page)).status).toBe(404);
  });

  it('lets no other origin run, frame or read anything', async () => {
    for (const path of ['/', '/assets/index-4f2a.js', '/favicon.svg']) {
      const { status, headers } = await fixture.call('GET', path, undefined, page);
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
          "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['permissions-policy']).toContain('camera=()');
    }
  });

  it('can be framed by the origins that the operator names', async () => {
    const { headers } = await framed.call('GET', '/enter', undefined, page);
    expect(String(headers['content-security-policy'])).toMatch(
      /; frame-ancestors https:\/\/console\.example\.com http:\/\/localhost:3000$/,
    );
  });

  it('lets files be kept whose name changes with their content, and no others', async () => {
    const asset = await fixture.call('GET', '/assets/index-4f2a.css', undefined, script);
    expect(asset).toMatchObject({ status: 200, text: 'body{}' });
    expect(asset.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const icon = await fixture.call('GET', '/favicon.svg', undefined, script);
    expect(icon.headers['content-type']).toBe('image/svg+xml');
    expect(icon.headers['cache-control']).toBe('no-cache');
  });

  it('sends what the build compressed to whoever takes it', async () => {
    const path = '/assets/index-4f2a.js';
    const plain = await fixture.call('GET', path, undefined, script);
    expect(plain).toMatchObject({ status: 200, text: entry });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const answer = await fixture.app.inject({ url: path, headers: { 'accept-encoding': 'br, gzip' } });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    expect(gunzipSync(answer.rawPayload).toString()).toBe(entry);
  });

  it('answers HEAD like GET, without a body', async () => {
    for (const path of ['/a/acc_1/webhooks', '/assets/index-4f2a.js', '/favicon.svg']) {
      const { headers } = await fixture.call('GET', path, undefined, page);
      const head = await fixture.call('HEAD', path, undefined, page);
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers['content-length']).toBe(headers['content-length']);
      expect(head.headers['content-type']).toBe(headers['content-type']);
    }
  });

  it.each([
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/.vite/manifest.json',
    '/assets/..%5cindex.html',
    '/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/assets//index-4f2a.js',
    '/assets/.hidden',
    '/assets/',
    '/assets/index-4f2a.js%00.css',
    '/.vite/manifest.json',
    '/..%2fpackage.json',
    '/assets',
  ])('gives nothing for %s', async (path) => {
    const { status, body } = await getExactly(await listening, path);
    expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('takes nothing but questions for its files', async () => {
    const answer = await fixture.call('POST', '/assets/index-4f2a.js', {}, script);
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });

  it('says what to run while it is not built, and is there once it is', async () => {
    const missing = await mkdtemp(join(tmpdir(), 'hookwire-portal-'));
    const unbuilt = await createHttpFixture(createManualClock(), {
      portal: { directory: join(missing, 'dist'), frameOrigins: [] },
    });
    const answer = await unbuilt.call('GET', '/accounts', undefined, page);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('npm run build:portal');
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect((await unbuilt.call('GET', '/healthz')).status).toBe(200);
    await mkdir(join(missing, 'dist'));
    await writeFile(join(missing, 'dist', 'index.html'), index);
    expect(await unbuilt.call('GET', '/accounts', undefined, page)).toMatchObject({
      status: 200,
      text: index,
    });
    await unbuilt.app.close();
    await rm(missing, { recursive: true });
  });
});
