/**
 * How long a person waits for the portal's deliveries page with a million deliveries behind it, in a real Chromium with an
 * empty cache. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:portal -- [--deliveries 1000000] [--accounts 50] [--days 7] [--tries 10]
 */
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../src/config/config.ts';
import { createGateway, type Gateway } from '../src/gateway.ts';
import { createCipher } from '../src/stores/secrets/cipher.ts';
import { openJoinedStore } from '../src/stores/sqlite/testing/joined-store.ts';
import { openBrowser } from '../test/portal/browser.ts';
import { atMost, judge } from './harness/bars.ts';
import { removeDirectory, temporaryDirectory } from './harness/children.ts';
import { count, median, ms } from './harness/figures.ts';
import { fillHistory } from './harness/fill-history.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000000' },
    accounts: { type: 'string', default: '50' },
    days: { type: 'string', default: '7' },
    tries: { type: 'string', default: '10' },
  },
});
const masterKey = Buffer.alloc(32, 7).toString('base64');
const operatorKey = 'op_0123456789abcdef';
const longestMs = 1_000;

/** A week of deliveries; resolves to the account with half of them. */
async function fill(dataDir: string): Promise<string> {
  const clock = { at: Date.now() - Number(values.days) * 86_400_000 };
  const store = await openJoinedStore({
    dataDir,
    cipher: createCipher(masterKey),
    clock: { now: () => clock.at, elapsed: () => clock.at, setTimer: () => ({ cancel: () => {} }) },
    onDeath: (error) => {
      throw error;
    },
  });
  const { accounts } = await fillHistory(store, clock, {
    deliveries: Number(values.deliveries),
    accounts: Number(values.accounts),
    days: Number(values.days),
    onProgress: (done) => {
      if (done % 100_000 < 1_000) console.log(`  ${count(done)} deliveries`);
    },
  });
  await store.close();
  const [largest] = accounts;
  if (!largest) throw new Error('There is no account.');
  return largest.id;
}

/** What waits for its retry is sent nowhere: every name is this machine, where nobody answers. */
function start(dataDir: string): Promise<Gateway> {
  const config = loadConfig({
    HOOKWIRE_PORT: '0',
    HOOKWIRE_DATA_DIR: dataDir,
    HOOKWIRE_MASTER_KEY: masterKey,
    HOOKWIRE_OPERATOR_KEY: operatorKey,
    HOOKWIRE_LOG_LEVEL: 'silent',
  });
  return createGateway(config, {
    resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
}

/** The session cookie of somebody who may read the account. */
async function signIn(url: string, accountId: string): Promise<string> {
  const call = (path: string, headers: Record<string, string>, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const person = { email: 'dev@example.com', name: 'Dev', role: 'developer', accountId };
  const invited = await call('/v1/people', { authorization: `Bearer ${operatorKey}` }, person);
  const { link } = (await invited.json()) as { link: string };
  const token = new URL(link).hash.replace('#token=', '');
  const own = { 'hookwire-csrf': '1', origin: url };
  const entered = await call('/v1/session/password', own, { token, password: 'correct horse battery' });
  const [cookie] = entered.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`Nobody could sign in: ${entered.status}`);
  return cookie.split(';', 1)[0] ?? '';
}

/** From asking for the page to the first row in sight, in a browser that has seen nothing before. */
async function openPage(browser: Browser, url: string, cookie: string, path: string): Promise<number> {
  const [name = '', value = ''] = cookie.split('=', 2);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies([{ name, value: cookie.slice(name.length + 1) || value, url }]);
  const page = await context.newPage();
  const askedAt = performance.now();
  await page.goto(`${url}${path}`, { waitUntil: 'commit' });
  await page.locator('[data-delivery]').first().waitFor();
  const took = performance.now() - askedAt;
  await context.close();
  return took;
}

console.log(machine());
const dataDir = temporaryDirectory('portal');
try {
  const accountId = await fill(dataDir);
  const gateway = await start(dataDir);
  const browser = await openBrowser();
  const cookie = await signIn(gateway.url, accountId);
  const pages = [
    ['deliveries', `/a/${accountId}/deliveries`],
    ['deliveries, failed', `/a/${accountId}/deliveries?state=failed`],
    ['deliveries, WhatsApp', `/a/${accountId}/deliveries?product=whatsapp`],
  ] as const;
  const bars = [];
  for (const [what, path] of pages) {
    const times: number[] = [];
    for (let i = 0; i < Number(values.tries); i++) {
      times.push(await openPage(browser, gateway.url, cookie, path));
    }
    console.log(`${what.padEnd(24)} median ${ms(median(times))}, longest ${ms(Math.max(...times))}`);
    bars.push(atMost(`first row of ${what}, median`, longestMs, median(times), ms));
  }
  await browser.close();
  await gateway.close();
  judge(bars);
} finally {
  removeDirectory(dataDir);
}
