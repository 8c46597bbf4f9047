import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import { placeOfData } from '../config/place-of-data.ts';
import { version } from '../core/version.ts';
import type { Gateway } from '../gateway.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { outputRefused } from './standard-output.ts';
import { startGateway } from './start-gateway.ts';

const keyIsLost =
  ' The operator key that this first start made is lost: "hookwire keys create" makes another one.';

/** What a person sees when the gateway has started. */
export function startMessage(
  gateway: Pick<Gateway, 'url' | 'firstOperatorKey' | 'setupLink' | 'hasAccounts' | 'hasPortal'>,
  config: Config,
): string {
  const { url, firstOperatorKey: key } = gateway;
  const keyLines = key
    ? `
  Operator key  ${key}
                Made by this first start. It is not shown again: keep it in a safe place.
`
    : '';
  const setupLines =
    gateway.setupLink && gateway.hasPortal
      ? `
  Set up the portal: ${gateway.setupLink}
                Makes the first operator. Good once, for a day, until the next start.
`
      : '';
  const nextLines = gateway.hasAccounts
    ? ''
    : `
Next: make an account.

  curl -s ${url}/v1/accounts -H "authorization: Bearer ${key ?? '$HOOKWIRE_OPERATOR_KEY'}" \\
    -H 'content-type: application/json' -d '{"name":"Acme","id":"acme"}'
`;
  return `
Hookwire ${version} is ready.

  API           ${url}
  Portal        ${portalUrl(gateway, config)}
  Reference     ${url}/docs
  Data          ${placeOfData(config)}
${keyLines}${setupLines}${nextLines}
`;
}

/** Where a browser finds the portal, if there is one. */
export function portalUrl(
  { url, hasPortal }: Pick<Gateway, 'url' | 'hasPortal'>,
  { portal }: Pick<Config, 'portal'>,
): string {
  if (!hasPortal) return 'is not built: npm ci && npm run build:portal';
  return `${portal.publicUrl ?? url}/`;
}

/** `hookwire serve`: the gateway, until it is asked to stop. */
export function addServeCommand(program: Command, io: Io): void {
  program
    .command('serve')
    .description('run the gateway (what hookwire does without a command)')
    .showHelpAfterError(
      'serve is configured by environment variables, such as HOOKWIRE_PORT and HOOKWIRE_DATA_DIR; `hookwire config` prints all.',
    )
    .addHelpText(
      'after',
      `
It is configured by the environment alone: see \`hookwire config\`. The first start makes the data
directory and an operator key, which is printed once.

SIGTERM or SIGINT stops it: /readyz says 503, events are taken until the deliveries under way have
ended or HOOKWIRE_SHUTDOWN_TIMEOUT_MS is near, and it exits with 0. A second signal ends it at once;
nothing that was accepted is lost, but what was under way is sent again after the next start.
Where a thread of its store dies it ends by itself with 5, within that time: let a supervisor start it
again.

A listening socket that systemd hands over (LISTEN_FDS) is used instead of HOOKWIRE_HOST and
HOOKWIRE_PORT.

Log lines go to standard error: text on a terminal, JSON elsewhere.

Examples:
  hookwire serve
  HOOKWIRE_HOST=0.0.0.0 HOOKWIRE_PORT=8443 hookwire serve
  HOOKWIRE_ALLOW_NETWORKS=10.20.0.0/16 hookwire serve
`,
    )
    .action(async () => {
      const config = loadConfig(io.env);
      const stopped = io.untilStopped();
      const gateway = await startGateway(config);
      io.out(startMessage(gateway, config));
      const refused = await io.written();
      // It goes on without.
      if (refused) io.err(`${outputRefused(refused)}${gateway.firstOperatorKey ? keyIsLost : ''}\n`);
      const failure = await Promise.race([stopped, gateway.failed]);
      if (!failure) io.err('Stopping: finishing what is under way. A second signal ends it at once.\n');
      await gateway.close();
      // It may also die while it stops.
      const died = failure ?? (await Promise.race([gateway.failed, Promise.resolve(null)]));
      if (died)
        throw new CliError('storeDied', `Hookwire cannot go on, a thread of it died: ${died.message}`, died);
      io.err('Stopped.\n');
    });
}
