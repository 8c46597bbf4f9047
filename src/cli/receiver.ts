import { type Command, InvalidArgumentError } from 'commander';
import { type EndpointAnswer, misbehaviours, parseScript } from '../receiver/answer.ts';
import { type RunningReceiver, startReceiver } from '../receiver/receiver.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { wholeNumberOption } from './number-option.ts';
import { describeBriefly, describeRequest } from './receiver/describe-request.ts';

interface ReceiverCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly status: number;
  readonly delay: number;
  readonly failFirst: number;
  readonly script?: readonly EndpointAnswer[];
  readonly secret?: string;
  readonly brief: boolean;
}

/** The answers that the options ask for; the last one repeats. */
export function scriptOf(
  options: Pick<ReceiverCommandOptions, 'status' | 'delay' | 'failFirst' | 'script'>,
): readonly EndpointAnswer[] {
  if (options.script) return options.script;
  const usual: EndpointAnswer =
    options.delay > 0 ? { status: options.status, delayMs: options.delay } : options.status;
  return [...Array.from({ length: options.failFirst }, () => 503), usual];
}

function scriptOption(text: string): readonly EndpointAnswer[] {
  const script = parseScript(text);
  if ('error' in script) throw new InvalidArgumentError(script.error);
  return script.answers;
}

function secretOption(text: string): string {
  if (/^(whsec_[A-Za-z0-9+/]+=*|whpk_[A-Za-z0-9+/]{43}=)$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Give a signing secret as GET /v1/webhooks/:id/secret shows it: whsec_…, or the public key whpk_….',
  );
}

async function start(options: ReceiverCommandOptions, io: Io): Promise<RunningReceiver> {
  const { host, port, brief, secret = null } = options;
  try {
    return await startReceiver({
      host,
      port,
      script: scriptOf(options),
      onRequest: (request) => io.out(brief ? describeBriefly(request) : describeRequest(request, secret)),
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new CliError('inUse', `Port ${port} on ${host} is in use: choose another with --port.`, error);
    }
    throw error;
  }
}

function misbehaviourList(): string {
  return Object.entries(misbehaviours)
    .map(([name, means]) => `  ${name.padEnd(15)}${means}`)
    .join('\n');
}

/** `hookwire receiver`: an endpoint on this machine that prints what it gets. */
export function addReceiverCommand(program: Command, io: Io): void {
  program
    .command('receiver')
    .description('a local endpoint that prints what it gets, and fails as told')
    .option(
      '-p, --port <number>',
      'port to listen on; 0 takes any free one',
      wholeNumberOption(0, 65_535),
      9000,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--status <code>', 'status to answer with', wholeNumberOption(200, 599), 200)
    .option('--delay <ms>', 'wait before each answer', wholeNumberOption(0, 3_600_000), 0)
    .option('--fail-first <n>', 'answer the first n requests with 503', wholeNumberOption(0, 1_000_000), 0)
    .option('--script <answers>', 'answers one after another; the last repeats', scriptOption)
    .option('--secret <whsec>', 'check the signature of each request, with whsec_… or whpk_…', secretOption)
    .option('--brief', 'print one line for each request', false)
    .addHelpText(
      'after',
      `
An answer of a script is a status, with headers and a delay after colons (429:retry-after=2,
200:delay=1500), or one of:
${misbehaviourList()}

A gateway calls an address of this machine only when it is told to:
HOOKWIRE_ALLOW_NETWORKS=127.0.0.0/8 hookwire serve

Examples:
  hookwire receiver
  hookwire receiver --port 9001 --fail-first 3
  hookwire receiver --script 503,timeout,429:retry-after=2,200
  hookwire receiver --secret whsec_…
`,
    )
    .action(async (options: ReceiverCommandOptions) => {
      const stopped = io.untilStopped();
      await using receiver = await start(options, io);
      io.err(`Listening on ${receiver.url}; every path is taken. Ctrl+C stops it.\n\n`);
      await stopped;
    });
}
