import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../src/testing/free-port.ts';

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A Redis of its own, as durable as BullMQ's documentation asks for: AOF, synced every second. */
export async function startRedis(directory: string): Promise<RedisServer> {
  const host = '127.0.0.1';
  const port = await freePort();
  const settings = {
    bind: host,
    port: String(port),
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes('Ready to accept connections')) break;
  }
  child.stdout.resume();
  return {
    host,
    port,
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
