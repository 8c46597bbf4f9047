import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RenderedRequest } from '../../src/rendering/request.ts';

/** A receiver's program that runs, for tests. */
export interface RunningReceiver extends AsyncDisposable {
  /** Sends a rendered request to it instead of its endpoint. */
  send(rendered: RenderedRequest): Promise<{ readonly status: number; readonly body: string }>;
  /** The lines that it printed, as soon as there are so many. */
  printed(lines: number): Promise<readonly string[]>;
}

/** A program in its file, and how it is made to run. */
export interface ReceiverProgram {
  readonly file: string;
  readonly code: string;
  /** Run in the file's folder before it starts. */
  readonly build?: readonly [string, ...string[]];
  readonly run: readonly [string, ...string[]];
}

/** Starts a program on a free port and waits until it listens. */
export async function runReceiver(
  { file, code, build, run }: ReceiverProgram,
  /** `whsec_…`, or `whpk_…` */
  secret: string,
): Promise<RunningReceiver> {
  const folder = await mkdtemp(join(tmpdir(), 'receiver-'));
  await writeFile(join(folder, file), code);
  if (build) await promisify(execFile)(build[0], build.slice(1), { cwd: folder });
  const variable = secret.startsWith('whpk_') ? 'WEBHOOK_PUBLIC_KEY' : 'WEBHOOK_SECRET';
  const environment = { ...process.env, [variable]: secret, PORT: '0' };
  const child = spawn(run[0], run.slice(1), { cwd: folder, env: environment });
  let out = '';
  let heard: () => void = () => {};
  child.stdout.on('data', (chunk) => {
    out += chunk;
    heard();
  });
  const linesOf = () => out.split('\n').slice(0, -1);
  const port = await listening(child);
  return {
    send: (rendered) => send(port, rendered),
    async printed(lines) {
      while (linesOf().length < lines) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      return linesOf();
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const port = /Listening on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The receiver ended: ${said}`)));
  });
}

function send(port: number, { method, path, headers, body }: RenderedRequest) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent: Record<string, string> = {};
    for (let at = 0; at < headers.length; at += 2) sent[headers[at] ?? ''] = headers[at + 1] ?? '';
    if (body !== null) sent['content-length'] = String(Buffer.byteLength(body));
    const call = request({ host: '127.0.0.1', port, method, path, headers: sent, agent: false });
    call.on('error', reject);
    call.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.end(body ?? undefined);
  });
}
