import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { freePort } from '../../../src/testing/free-port.ts';
import { end, keep, removeDirectory, temporaryDirectory } from '../../harness/children.ts';
import { pause, untilReady } from '../../harness/processes.ts';
import type { Sink } from '../../harness/sink-process.ts';
import { startMessageCentre } from './smsc.ts';

/** Messages handed to Kannel at once while it is filled. */
const callers = 32;
/** Receipts that the centre sends without an answer. */
const smppWindow = 200;

/** Kannel's version; `null`: it is not installed. */
export function kannelVersion(): string | null {
  const { stdout, stderr } = spawnSync('bearerbox', ['--version'], { encoding: 'utf8' });
  return /version `([^']+)'/.exec(`${stdout}${stderr}`)?.[1] ?? null;
}

/**
 * Kannel with the receipts of as many messages kept back in the SMS centre; then all are released, and it calls the
 * sink for each. Gives callbacks per second, from the release to the last arrival.
 */
export async function runKannel(sink: Sink, messages: number): Promise<number> {
  const directory = temporaryDirectory('kannel');
  const centre = await startMessageCentre();
  const children: ChildProcess[] = [];
  try {
    const ports = {
      ADMIN_PORT: await freePort(),
      BOX_PORT: await freePort(),
      SENDSMS_PORT: await freePort(),
      SMSC_PORT: centre.port,
    };
    const file = join(directory, 'kannel.conf');
    writeFileSync(file, configuration(ports));
    const start = (program: string): ChildProcess => {
      // Level 4 logs panics only: otherwise logging is what would be measured.
      const child = keep(spawn(program, ['-v', '4', file], { cwd: directory, stdio: 'ignore' }));
      children.unshift(child);
      return child;
    };
    const bearerbox = start('bearerbox');
    await untilReady(`http://127.0.0.1:${ports.ADMIN_PORT}/status.txt?password=bench`, bearerbox);
    await centre.bound;
    start('smsbox');
    await submit(`http://127.0.0.1:${ports.SENDSMS_PORT}`, sink.urls[0] ?? '', messages);
    await until(() => centre.held === messages, 'the messages to reach the centre');

    await sink.reset();
    const startedAt = performance.now();
    centre.release(smppWindow);
    await until(() => sink.received >= messages, 'the callbacks');
    return (messages / (performance.now() - startedAt)) * 1000;
  } finally {
    for (const child of children) await end(child, () => child.kill('SIGTERM'), 5_000);
    centre.close();
    removeDirectory(directory);
  }
}

function configuration(values: Record<string, number>): string {
  const template = readFileSync(join(import.meta.dirname, 'kannel.conf'), 'utf8');
  return template.replace(/@([A-Z_]+)@/g, (_, name: string) => String(values[name]));
}

/** Sends messages whose receipts are to be reported to the sink. */
async function submit(sendsms: string, target: string, messages: number): Promise<void> {
  const agent = new Agent({ connections: callers, pipelining: 1 });
  const callback = `${target}?txn_id=%I&msg_id=%F&error_code=%B&mobile=%p&received_time=%t&status=%d&text=%A`;
  const common = {
    username: 'bench',
    password: 'bench',
    smsc: 'centre',
    from: '56161',
    text: 'hi',
    'dlr-mask': '3',
    'dlr-url': callback,
  };
  let next = 0;
  async function caller(): Promise<void> {
    while (next < messages) {
      const to = `9198${String(next++).padStart(8, '0')}`;
      const query = new URLSearchParams({ ...common, to });
      await accepted(`${sendsms}/cgi-bin/sendsms?${query}`, agent);
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  await agent.close();
}

/** Calls until it is accepted: smsbox needs a moment until it listens and has found the bearerbox. */
async function accepted(url: string, dispatcher: Agent): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await request(url, { dispatcher }).catch(() => null);
    await answer?.body.dump();
    if (answer?.statusCode === 202) return;
    await pause(50);
  }
  throw new Error('Kannel accepts no messages.');
}

async function until(done: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`Kannel: waited 60 s for ${what}.`);
    await pause(5);
  }
}
