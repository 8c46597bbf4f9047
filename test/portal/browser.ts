import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** How a page is shown. */
export interface Look {
  readonly scheme?: 'light' | 'dark';
  /** Pixels; a phone has some 390. */
  readonly width?: number;
}

/**
 * A person's browser: its cookies are its own. `HOOKWIRE_TEST_LAST_SIGHT` names a file for what it saw last, for whoever
 * looks for the reason of a failure.
 */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of: errors of scripts, refusals of the Content-Security-Policy. */
  readonly complaints: readonly string[];
}

const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * A real Chromium: the one that an npm package carries, or the machine's own where that is not for this processor.
 * `HOOKWIRE_TEST_CHROMIUM` names another.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env.HOOKWIRE_TEST_CHROMIUM ?? system.find((path) => existsSync(path));
  const carried = process.platform === 'linux' && process.arch === 'x64';
  if (process.env.HOOKWIRE_TEST_CHROMIUM === undefined && carried) {
    const executablePath = await sparticuz.executablePath();
    return chromium.launch({ executablePath });
  }
  if (own === undefined) throw new Error('Name a Chromium by HOOKWIRE_TEST_CHROMIUM.');
  return chromium.launch({ executablePath: own });
}

let shared: Promise<Browser> | null = null;

/** The same for all test files that a worker runs, since each takes a second of CPU to start; it ends with the worker. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= openBrowser();
  return shared;
}

export async function openVisitor(
  browser: Browser,
  baseURL: string,
  { scheme = 'light', width = 1280 }: Look = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Kolkata',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused call is part of what is tested, and the page shows it; what the policy refuses is a fault.
    const ofNetwork = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !ofNetwork) complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    async [Symbol.asyncDispose]() {
      if (process.env.HOOKWIRE_TEST_LAST_SIGHT)
        await page.screenshot({ path: process.env.HOOKWIRE_TEST_LAST_SIGHT });
      await context.close();
    },
  };
}
