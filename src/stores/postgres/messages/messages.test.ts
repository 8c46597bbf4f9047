import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ProcessMessages } from '../../ports/process-messages.ts';
import { createPool } from '../pool.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { type DatabaseProxy, startProxy } from '../testing/proxy.ts';
import { channelBeginning } from './channels.ts';
import { createListening } from './listening.ts';
import { createPostgresMessages, type MessagesOptions } from './messages.ts';

const databases = createTestDatabases();
const asides: (() => Promise<void>)[] = [];
let proxy: DatabaseProxy;
let url: string;
/** Not of a process: asks the server itself. */
let server: Pool;

beforeAll(async () => {
  proxy = await startProxy(Number(new URL(inject('postgres')).port));
  url = await databases.of('messages');
  server = createPool({ url, most: 1 });
});
beforeEach(() => proxy.up());
afterEach(async () => {
  for (const close of asides.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await server.end();
  await proxy.close();
  await databases.remove();
});

interface Process {
  readonly messages: ProcessMessages;
  /** What it heard, `missed` among it. */
  readonly heard: unknown[];
  readonly warnings: string[];
}

type ProcessOptions = Partial<MessagesOptions> & { readonly url?: string; readonly direct?: string };

/** A process that hears of `x` and `y`. */
async function startProcess(id: string, options: ProcessOptions = {}): Promise<Process> {
  const warnings: string[] = [];
  const heard: unknown[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const pool = createPool({ url: options.url ?? url, most: 2 });
  const listening = createListening({ url: options.direct ?? options.url ?? url, pool, warn });
  const messages = createPostgresMessages({ id, listening, pool, warn, ...options });
  asides.push(async () => {
    await messages.close();
    await listening.close();
    await pool.end();
  });
  for (const kind of ['x', 'y']) messages.on(kind, (body, from) => heard.push([kind, body, from]));
  messages.onMissed(() => heard.push('missed'));
  await messages.start();
  expect(heard.splice(0)).toEqual(['missed']);
  return { messages, heard, warnings };
}

/** Cuts those who listen. */
async function cutListening(): Promise<void> {
  await server.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'hookwire listening'",
  );
}

describe('what processes tell each other by PostgreSQL', () => {
  it('is heard by all others, or by the one it is for, under its kind, and not by who says it', async () => {
    const [a, b, c] = [await startProcess('a'), await startProcess('b'), await startProcess('c')];
    a.messages.tell(null, 'x', { n: 1 });
    a.messages.tell('b', 'y', 'for b');
    a.messages.tell('a', 'y', 'for itself');
    a.messages.tell(null, 'of a later version', {});
    a.messages.tell(null, 'x', null);
    await expect.poll(() => b.heard.length + c.heard.length).toBe(5);
    expect(b.heard).toEqual([
      ['x', { n: 1 }, 'a'],
      ['y', 'for b', 'a'],
      ['x', null, 'a'],
    ]);
    expect(c.heard).toEqual([
      ['x', { n: 1 }, 'a'],
      ['x', null, 'a'],
    ]);
    expect(a.heard).toEqual([]);
  });

  it('is heard in the order in which each said it, however much two say at once', async () => {
    const [a, b, c] = [await startProcess('a'), await startProcess('b'), await startProcess('c')];
    const numbers = Array.from({ length: 3_000 }, (_, i) => i);
    for (const n of numbers) {
      a.messages.tell(n % 3 === 0 ? 'c' : null, 'x', n);
      b.messages.tell(n % 5 === 0 ? 'c' : null, 'x', { n, text: 'ü'.repeat(n % 97) });
      if (n % 500 === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => c.heard.length).toBe(6_000);
    const from = (id: string) => (c.heard as [string, unknown, string][]).filter(([, , who]) => who === id);
    expect(from('a').map(([, n]) => n)).toEqual(numbers);
    expect(from('b').map(([, body]) => (body as { n: number }).n)).toEqual(numbers);
  });

  it('may be large, of any script, and what is said before and after it is heard before and after it', async () => {
    const [a, b] = [await startProcess('a'), await startProcess('b')];
    const large = { text: 'नमस्ते 😀 \0 "quoted" \\'.repeat(110_000) };
    expect(Buffer.byteLength(large.text)).toBeGreaterThan(3_000_000);
    a.messages.tell(null, 'x', 'before');
    a.messages.tell('b', 'y', large);
    a.messages.tell(null, 'x', 'after');
    await expect.poll(() => b.heard.length).toBe(3);
    expect(b.heard[0]).toEqual(['x', 'before', 'a']);
    expect((b.heard[1] as [string, unknown])[1]).toEqual(large);
    expect(b.heard[2]).toEqual(['x', 'after', 'a']);
  });

  it('goes on after the listening connection was cut, and what may have been missed is told of', async () => {
    const [a, b] = [await startProcess('a'), await startProcess('b')];
    await cutListening();
    await expect.poll(() => [a.heard, b.heard]).toEqual([['missed'], ['missed']]);
    expect(b.warnings).toHaveLength(1);
    a.messages.tell(null, 'x', 1);
    await expect.poll(() => b.heard).toEqual(['missed', ['x', 1, 'a']]);
  });

  it('is known to be missed when the network swallows it, within seconds', async () => {
    const [a, b] = [await startProcess('a'), await startProcess('b', { direct: proxy.url(url) })];
    proxy.swallow();
    // 4.5 s where the machine has time for it; TCP by itself needs minutes.
    await expect
      .poll(() => b.warnings, { timeout: 30_000 })
      .toEqual([expect.stringContaining('was lost: Query read timeout')]);
    a.messages.tell('b', 'x', 'unheard');
    proxy.up();
    await expect.poll(() => b.heard).toContain('missed');
    a.messages.tell('b', 'x', 'heard');
    await expect.poll(() => b.heard.at(-1)).toEqual(['x', 'heard', 'a']);
  });

  it('waits while the database is away', async () => {
    const [a, b] = [await startProcess('a', { url: proxy.url(url), direct: url }), await startProcess('b')];
    proxy.down();
    for (let n = 0; n < 1_000; n++) a.messages.tell(null, 'x', n);
    await expect.poll(() => a.warnings).toEqual([expect.stringContaining('were not told something')]);
    expect(b.heard).toEqual([]);
    proxy.up();
    await expect.poll(() => b.heard.length).toBe(1_000);
    expect(b.heard.map((word) => (word as unknown[])[1])).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it.each([
    ['words', { mostWords: 100 }, 'short'],
    ['bytes', { mostBytes: 10_000 }, 'long'.repeat(30)],
  ])(
    'is dropped where it is too many %s, and those who listen are told that they missed something',
    async (_, bounds, text) => {
      const a = await startProcess('a', { url: proxy.url(url), direct: url, ...bounds });
      const b = await startProcess('b');
      proxy.down();
      a.messages.tell('b', 'x', 'tried');
      await expect.poll(() => a.warnings.length).toBe(1);
      for (let n = 0; n < 150; n++) a.messages.tell('b', 'x', `${n} ${text}`);
      proxy.up();
      await expect.poll(() => b.heard.at(-1)).toEqual(['x', `149 ${text}`, 'a']);
      const [first, second, third] = b.heard;
      expect([first, second]).toEqual([['x', 'tried', 'a'], 'missed']);
      expect(third).not.toEqual(['x', `0 ${text}`, 'a']);
    },
  );

  it('is heard once where the answer of the server was lost', async () => {
    const [a, b] = [await startProcess('a', { url: proxy.url(url), direct: url }), await startProcess('b')];
    const lost = proxy.loseAnswerTo('pg_notify');
    a.messages.tell(null, 'x', 1);
    await lost;
    a.messages.tell(null, 'x', 2);
    await expect.poll(() => b.heard.length).toBe(2);
    expect(b.heard).toEqual([
      ['x', 1, 'a'],
      ['x', 2, 'a'],
    ]);
    expect(a.warnings).toHaveLength(1);
  });

  it('is said before the process ends', async () => {
    const [a, b] = [await startProcess('a'), await startProcess('b')];
    a.messages.tell('b', 'x', 'last');
    await a.messages.close();
    await expect.poll(() => b.heard).toEqual([['x', 'last', 'a']]);
  });

  it('is not what other programs say on its channels: of that it warns once', async () => {
    const [a, b] = [await startProcess('a'), await startProcess('b')];
    await server.query(
      `select pg_notify(${channelBeginning} || '_all', n::text) from generate_series(1, 9) n`,
    );
    a.messages.tell(null, 'x', 1);
    await expect.poll(() => b.heard).toEqual([['x', 1, 'a']]);
    expect(b.warnings).toEqual([expect.stringContaining('ignored')]);
  });

  it('troubles nobody else where one listener fails', async () => {
    const a = await startProcess('a');
    const b = await startProcess('b');
    b.messages.on('x', () => {
      throw new Error('of the test');
    });
    a.messages.tell(null, 'x', 1);
    a.messages.tell(null, 'y', 2);
    await expect.poll(() => b.heard).toEqual([['y', 2, 'a']]);
    expect(b.warnings).toEqual([expect.stringContaining('of the test')]);
  });

  it('is another’s in another schema of the same database, and in another database', async () => {
    await server.query('create schema another');
    const another = new URL(url);
    another.searchParams.set('options', '-c search_path=another');
    const [a, b] = [await startProcess('a'), await startProcess('b')];
    const [c, d] = [
      await startProcess('c', { url: another.href }),
      await startProcess('d', { url: another.href }),
    ];
    const [e, f] = [
      await startProcess('e', { url: await databases.of('another') }),
      await startProcess('f', { url: await databases.of('another') }),
    ];
    for (const { messages } of [a, c, e]) messages.tell(null, 'x', 1);
    await expect
      .poll(() => [b, d, f].map(({ heard }) => heard))
      .toEqual([[['x', 1, 'a']], [['x', 1, 'c']], [['x', 1, 'e']]]);
  });

  it('is listened to outside of transactions, so that the server forgets what was heard', async () => {
    const b = await startProcess('b');
    await cutListening();
    await expect.poll(() => b.heard).toEqual(['missed']);
    const { rows } = await server.query(
      "select state, xact_start, backend_xmin from pg_stat_activity where datname = current_database() and application_name = 'hookwire listening'",
    );
    expect(rows).toEqual([{ state: 'idle', xact_start: null, backend_xmin: null }]);
  });

  it('is not begun where nothing is heard of what is said: the address to listen at is another database’s', async () => {
    await expect(startProcess('a', { direct: await databases.of('another') })).rejects.toThrow(
      /not heard at 127\.0\.0\.1:\d+: set HOOKWIRE_DATABASE_DIRECT_URL/,
    );
  });
});
