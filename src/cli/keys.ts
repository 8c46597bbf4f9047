import type { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import { createKey } from '../core/api-key.ts';
import { randomId } from '../core/ids.ts';
import type { ApiKey, Directory } from '../stores/ports/directory.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { startProblem } from './start-gateway.ts';

const pageSize = 100;

async function withDirectory(io: Io, work: (directory: Directory) => Promise<void>): Promise<void> {
  const config = loadConfig(io.env);
  const { openDirectory } = await import('../data-directory.ts');
  const warn = (message: string): void => io.err(`${message}\n`);
  const { directory, close } = await openDirectory(config, warn).catch((error: unknown) => {
    throw startProblem(error, config);
  });
  try {
    await work(directory);
  } finally {
    await close();
  }
}

async function allOperatorKeys(directory: Directory): Promise<readonly ApiKey[]> {
  const keys: ApiKey[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Directory['listKeys']>> = await directory.listKeys(null, {
      limit: pageSize,
      cursor,
    });
    keys.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return keys;
}

async function createOperatorKey(directory: Directory, name: string, io: Io): Promise<void> {
  const { key, hash } = createKey();
  const record = {
    id: randomId('key'),
    accountId: null,
    name,
    scopes: [],
    createdAt: Date.now(),
  };
  await directory.createKey(record, hash);
  io.out(`${key}\n`);
  io.err(`Made operator key ${record.id} (${name}). It is not shown again: keep it in a safe place.\n`);
}

async function listOperatorKeys(directory: Directory, io: Io): Promise<void> {
  const keys = await allOperatorKeys(directory);
  if (keys.length === 0) io.err('There is no operator key in this data directory.\n');
  const width = Math.max(0, ...keys.map(({ id }) => id.length)) + 2;
  for (const { id, name, createdAt } of keys) {
    io.out(`${id.padEnd(width)}${new Date(createdAt).toISOString()}  ${name}\n`);
  }
}

async function revokeOperatorKey(directory: Directory, id: string, io: Io): Promise<void> {
  if (!(await directory.deleteKey(null, id))) {
    throw new CliError('failed', `There is no operator key ${id}; \`hookwire keys list\` shows them.`);
  }
  io.err(`Revoked operator key ${id}.\n`);
}

/** `hookwire keys`: operator keys, straight in the data directory. */
export function addKeysCommand(program: Command, io: Io): void {
  const keys = program
    .command('keys')
    .description('make, list and revoke operator keys in the data directory')
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR, also while the gateway runs: this is the way back in when the operator's key
is lost. A revoked key ends within 5 seconds. Keys are stored hashed, so none can be shown again. Account keys are made with the API:
POST /v1/accounts/:id/keys. The key of HOOKWIRE_OPERATOR_KEY is not in the list.

Examples:
  hookwire keys create --name ci
  KEY=$(hookwire keys create --name ci)
  hookwire keys list
  hookwire keys revoke key_0123456789abcdef
`,
    );
  keys
    .command('create')
    .description('make an operator key; prints it on standard output, once')
    .requiredOption('--name <name>', 'what it is for, to know it again in the list')
    .option('--operator', 'an operator key (the only kind made here)', true)
    .action(({ name }: { name: string }) =>
      withDirectory(io, (directory) => createOperatorKey(directory, name, io)),
    );
  keys
    .command('list')
    .description('list operator keys: id, when made, name')
    .action(() => withDirectory(io, (directory) => listOperatorKeys(directory, io)));
  keys
    .command('revoke')
    .description('revoke an operator key')
    .argument('<id>', 'the id of the key, as in key_0123456789abcdef')
    .action((id: string) => withDirectory(io, (directory) => revokeOperatorKey(directory, id, io)));
}
