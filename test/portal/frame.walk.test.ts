import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { openVisitor, sharedBrowser, type Visitor } from './browser.ts';

let browser: Browser;
let gateway: GatewayFixture;
let site: Server;
let accountId: string;

/** The platform's page: shows whatever it is asked for in a frame. */
function openSite(): Server {
  return createServer((request, response) => {
    const shown = new URL(request.url ?? '/', 'http://site').searchParams.get('shown') ?? '';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><title>Console</title><h1>Console</h1>
      <iframe src="${shown.replaceAll('&', '&amp;')}" title="Webhooks" style="width:1200px;height:700px"></iframe>`,
    );
  });
}

beforeAll(async () => {
  site = openSite().listen(0, '127.0.0.1');
  await once(site, 'listening');
  browser = await sharedBrowser();
  // Another site than 127.0.0.1, so its frame is a third party's.
  gateway = await openGateway({ env: { HOOKWIRE_PORTAL_FRAME_ORIGINS: siteAt('localhost') } });
  accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: 'https://example.com/dlr' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  site.close();
});

function siteAt(host: string): string {
  return `http://${host}:${(site.address() as AddressInfo).port}`;
}

async function newLink(body: object = {}): Promise<string> {
  const path = `/v1/accounts/${accountId}/portal-links`;
  return (await gateway.api<{ url: string }>('POST', path, body)).body.url;
}

async function show(page: Page, host: string, url: string): Promise<Frame> {
  await page.goto(`${siteAt(host)}/?shown=${encodeURIComponent(url)}`);
  const frame = page.frames().find((each) => each !== page.mainFrame());
  if (!frame) throw new Error('The page has no frame.');
  return frame;
}

async function open(): Promise<Visitor> {
  return openVisitor(browser, gateway.gateway.url);
}

describe("The portal in the platform's own page", () => {
  it('lets the customer in, without a cookie, and does what it does elsewhere', async () => {
    await using visitor = await open();
    const { page, context, complaints } = visitor;
    const frame = await show(page, 'localhost', await newLink());
    await frame.getByText('https://example.com/dlr').first().waitFor();
    await frame.goto(`${gateway.gateway.url}/a/${accountId}/deliveries`);
    await frame.getByRole('main').waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('opens the page that the link names', async () => {
    await using visitor = await open();
    const frame = await show(
      visitor.page,
      'localhost',
      await newLink({ path: `/a/${accountId}/webhooks/new` }),
    );
    await frame.getByRole('button', { name: 'Save', exact: true }).waitFor();
    expect(new URL(frame.url()).hash).toBe('');
  });

  it('says that the link was used, when it is shown a second time', async () => {
    const url = await newLink();
    {
      await using first = await open();
      await (await show(first.page, 'localhost', url)).getByText('https://example.com/dlr').first().waitFor();
    }
    await using second = await open();
    await (await show(second.page, 'localhost', url)).getByText('Open this page again').waitFor();
  });

  it('is not shown in a page that the operator has not named', async () => {
    await using visitor = await open();
    const frame = await show(visitor.page, '127.0.0.1', await newLink());
    await expect.poll(() => visitor.complaints.join()).toContain('frame-ancestors');
    expect(await frame.getByText('https://example.com/dlr').count()).toBe(0);
  });
});
