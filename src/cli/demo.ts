import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import type { Gateway } from '../gateway.ts';
import { startReceiver } from '../receiver/receiver.ts';
import { type DemoAccount, demoWabaNumber, setUpDemo } from './demo/set-up.ts';
import { streamEvents } from './demo/stream.ts';
import { createTally } from './demo/tally.ts';
import { createTraffic } from './demo/traffic.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { wholeNumberOption } from './number-option.ts';
import { portalUrl } from './serve.ts';
import { startGateway } from './start-gateway.ts';

interface DemoOptions {
  readonly rate: number;
  readonly duration?: number;
  readonly dataDir?: string;
}

const loopback = '127.0.0.0/8';
const tallyEveryMs = 5_000;
const failingPath = '/sms/xml';
const shareOfFailures = 0.05;

/** The environment with what the demo needs and nobody set. */
export function demoEnvironment(env: NodeJS.ProcessEnv, dataDir: string): NodeJS.ProcessEnv {
  const ranges = env.HOOKWIRE_ALLOW_NETWORKS;
  return {
    ...env,
    HOOKWIRE_DATA_DIR: dataDir,
    HOOKWIRE_ALLOW_NETWORKS: ranges ? `${ranges},${loopback}` : loopback,
    HOOKWIRE_OPERATOR_KEY: env.HOOKWIRE_OPERATOR_KEY || `demo_${randomBytes(12).toString('hex')}`,
    HOOKWIRE_LOG_LEVEL: env.HOOKWIRE_LOG_LEVEL || 'warn',
  };
}

function whereToLook(
  gateway: Pick<Gateway, 'url' | 'setupLink' | 'hasPortal'>,
  config: Config,
  operatorKey: string,
  { accountId, key }: DemoAccount,
  endpoint: string,
): string {
  const { url, setupLink, hasPortal } = gateway;
  const portal = hasPortal && setupLink ? setupLink : portalUrl(gateway, config);
  return `
The demo is running.

  Portal        ${portal}
  Reference     ${url}/docs
  Endpoint      ${endpoint}   (the XML webhook fails one time in twenty, so that retries can be seen)
  Account       ${accountId}
  Account key   ${key}
  Operator key  ${operatorKey}

Look at the latest deliveries, or at those that wait for a retry:

  curl -s '${url}/v1/deliveries?limit=5' -H 'authorization: Bearer ${key}'
  curl -s '${url}/v1/deliveries?state=retrying' -H 'authorization: Bearer ${key}'
  curl -s '${url}/v1/webhooks' -H 'authorization: Bearer ${key}'

Ctrl+C stops it. The first request to each path follows in full, then counts.

`;
}

async function runDemo(options: DemoOptions, dataDir: string, io: Io): Promise<void> {
  const stop = new AbortController();
  let stoppedByHand = false;
  void io.untilStopped().then(() => {
    stoppedByHand = true;
    stop.abort();
  });

  const config = loadConfig(demoEnvironment(io.env, dataDir));
  const operatorKey = config.secrets.operatorKey ?? '';
  const tally = createTally(io);
  await using receiver = await startReceiver({
    script: ({ path }) => (path.startsWith(failingPath) && Math.random() < shareOfFailures ? 503 : 200),
    onRequest: tally.received,
  });
  const gateway = await startGateway(config);
  let timer: NodeJS.Timeout | undefined;
  try {
    // Its HTTP client is a third of all the code, and every other command would read it too.
    const { createApiClient } = await import('./api-client.ts');
    const client = createApiClient(gateway.url, operatorKey);
    const account = await setUpDemo(client, receiver.url);
    io.out(whereToLook(gateway, config, operatorKey, account, receiver.url));
    const traffic = createTraffic({
      random: Math.random,
      now: Date.now,
      accountId: account.accountId,
      wabaNumbers: [demoWabaNumber],
    });
    if (options.duration !== undefined) timer = setTimeout(() => stop.abort(), options.duration * 1000);
    const printing = setInterval(tally.print, tallyEveryMs);
    await streamEvents(client, traffic, options.rate, tally.accepted, stop.signal).finally(() => {
      clearInterval(printing);
    });
  } finally {
    clearTimeout(timer);
    await gateway.close();
    tally.print();
  }
  const missing = stoppedByHand ? null : tally.missing();
  if (missing) throw new CliError('failed', missing);
}

/** `hookwire demo`: everything at once on this machine, to see how it works. */
export function addDemoCommand(program: Command, io: Io): void {
  program
    .command('demo')
    .description('gateway, endpoint and a stream of realistic reports, on this machine alone')
    .option('--rate <n>', 'events a second', wholeNumberOption(1, 5_000), 5)
    .option(
      '--duration <seconds>',
      'stop this long after the first event could be sent (default: when asked to)',
      wholeNumberOption(1, 86_400),
    )
    .option('--data-dir <path>', 'keep the data there (default: a temporary directory, removed at the end)')
    .addHelpText(
      'after',
      `
Starts the gateway on HOOKWIRE_PORT and an endpoint beside it, makes an account with webhooks of all
four methods (SMS by GET, POST, JSON and XML; WhatsApp reports and messages as JSON) over the HTTP API,
and sends reports through. It prints where to look and with which key.

Examples:
  hookwire demo
  hookwire demo --rate 200 --duration 30
  HOOKWIRE_PORT=0 hookwire demo
`,
    )
    .action(async (options: DemoOptions) => {
      const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'hookwire-demo-')));
      try {
        await runDemo(options, dataDir, io);
      } finally {
        if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      }
    });
}
