import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpServer, type HttpServer } from '../../server.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';

let api: HttpFixture;
let server: HttpServer;
let url: string;
beforeAll(async () => {
  api = await createHttpFixture(createManualClock());
  server = createHttpServer(api.services);
  ({ url } = await server.listen('127.0.0.1', 0));
});
afterAll(async () => {
  await server.close();
  await api.app.close();
});

const open = { key: null };

describe('health', () => {
  it('says that the process is alive, and its version', async () => {
    expect((await api.call('GET', '/healthz', undefined, open)).body).toEqual({
      status: 'ok',
      version: '1.2.3',
    });
  });

  it('says whether the gateway takes work', async () => {
    expect((await api.call('GET', '/readyz', undefined, open)).body).toEqual({
      ready: true,
      detail: 'ready',
    });
    const fixture = await createHttpFixture(createManualClock());
    Reflect.set(fixture.services, 'readiness', () => ({ ready: false, detail: 'the store is opening' }));
    const answer = await fixture.call('GET', '/readyz', undefined, open);
    expect([answer.status, answer.body]).toEqual([503, { ready: false, detail: 'the store is opening' }]);
    await fixture.app.close();
  });

  it('gives metrics as text', async () => {
    const answer = await api.call('GET', '/metrics', undefined, open);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toBe('hookwire_up 1\n');
  });
});

describe('the reference at /docs', () => {
  it('is a page that loads its script and the document from the gateway', async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    const scripts = [...html.matchAll(/src="([^"]+)"/g)].map(([, src]) => new URL(src ?? '', page.url));
    expect(scripts.length).toBe(1);
    for (const script of scripts) {
      const answer = await fetch(script);
      expect([script.origin, answer.status]).toEqual([url, 200]);
      expect((await answer.text()).length).toBeGreaterThan(1_000_000);
    }
    expect(html).toContain('../openapi.json');
    expect((await fetch(new URL('../openapi.json', page.url))).status).toBe(200);
  });

  it('names nothing outside, and the browser is told to load nothing from there', async () => {
    const page = await fetch(`${url}/docs/`);
    const html = await page.text();
    expect(html.match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]+/gi)).toBeNull();
    for (const option of ['"withDefaultFonts": false', '"telemetry": false']) expect(html).toContain(option);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it('has nothing else', async () => {
    const answer = await fetch(`${url}/docs/nothing`);
    expect(answer.status).toBe(404);
  });
});
