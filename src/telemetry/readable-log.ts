import type { DestinationStream } from 'pino';

interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
  readonly [field: string]: unknown;
}

const levelWidth = 5;

/** `{"level":"info","time":"2026-11-22T10:15:30.000Z","msg":"started","port":8080}` as `10:15:30.000 info  started port=8080`. */
export function readableLine(json: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as LogLine;
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const clock = time.slice(time.indexOf('T') + 1, -1);
  const words = [clock, level.padEnd(levelWidth), ...(msg === undefined ? [] : [msg]), ...rest];
  const stack = err ? `\n${err.stack ?? err.message ?? ''}` : '';
  return `${words.join(' ')}${stack}\n`;
}

/** Writes pino's JSON lines as text that a person reads. */
export function createReadableStream(target: DestinationStream): DestinationStream {
  return { write: (line) => target.write(readableLine(line)) };
}
