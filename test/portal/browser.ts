import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

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

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath() });
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
