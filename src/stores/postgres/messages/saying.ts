import type pg from 'pg';
import { texts } from '../array-params.ts';
import { onConnection } from '../connection.ts';
import { askKept } from '../kept-statements.ts';
import { channelBeginning } from './channels.ts';
import { type Payload, toPayloads, type Word } from './payloads.ts';

export interface SayingOptions {
  /** Who says it. */
  readonly sender: string;
  /** One of its connections at a time says something; what is not answered in its time is said again. */
  readonly pool: pg.Pool;
  readonly warn: (message: string) => void;
  /** Words and bytes that wait at most, while the database is away. */
  readonly mostWords?: number;
  readonly mostBytes?: number;
}

/** Says words by NOTIFY, one transaction after another, each again until it is sure that it was said. */
export interface Saying {
  say(word: Word): void;
  /** Says what waits, if that succeeds at once. */
  close(): Promise<void>;
}

/** What comes within so long is said together: a transaction with NOTIFY takes its turn among all of the server. */
const gathersMs = 2;
const mostBytesAtOnce = 1_000_000;
const longestPauseMs = 2_000;

/**
 * Nothing of it needs to outlast a crash of the server: whoever says something while its disk is written does not wait for that, and
 * neither do those behind him.
 */
const notify = {
  name: 'notify',
  text: `
  with hasty as materialized (select set_config('synchronous_commit', 'off', true))
  select pg_notify(${channelBeginning} || said.channel, said.payload)
  from hasty, unnest($1::text[], $2::text[]) as said (channel, payload)`,
};

export function createSaying(options: SayingOptions): Saying {
  const { sender, pool, warn, mostWords = 100_000, mostBytes = 32 * 1024 * 1024 } = options;
  let waiting: Word[] = [];
  let bytes = 0;
  let hasDropped = false;
  /** Said, it is not known whether it was heard. */
  let underWay: readonly Payload[] | null = null;
  let number = 1;
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  let closed = false;

  function take(): readonly Payload[] {
    let taken = 0;
    let size = 0;
    while (taken < waiting.length && (taken === 0 || size < mostBytesAtOnce))
      size += (waiting[taken++] as Word).text.length;
    const payloads = toPayloads(waiting.slice(0, taken), sender, number, hasDropped);
    waiting = waiting.slice(taken);
    bytes -= size;
    number += payloads.length;
    hasDropped = false;
    return payloads;
  }

  /** @returns whether all was said */
  async function sayAll(): Promise<boolean> {
    while (underWay || waiting.length > 0 || hasDropped) {
      underWay ??= take();
      try {
        await sayAtOnce(pool, underWay);
      } catch (error) {
        if (failures++ === 0)
          warn(`Other processes were not told something; it is tried again: ${(error as Error).message}`);
        return false;
      }
      underWay = null;
      failures = 0;
    }
    return true;
  }

  function sayIn(ms: number): void {
    timer = setTimeout(() => {
      timer = null;
      isRunning = true;
      running = sayAll().then((isDone) => {
        isRunning = false;
        if (!isDone && !closed) sayIn(Math.min(50 * 2 ** failures, longestPauseMs));
      });
    }, ms);
  }

  return {
    say(word) {
      if (closed) return;
      if (waiting.length >= mostWords || bytes + word.text.length > mostBytes) {
        if (!hasDropped)
          warn('Other processes were not told of much for too long: they look for themselves then.');
        hasDropped = true;
        [waiting, bytes] = [[], 0];
      }
      if (word.text.length <= mostBytes) {
        waiting.push(word);
        bytes += word.text.length;
      }
      if (!timer && !isRunning) sayIn(gathersMs);
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await running;
      if (failures === 0) await sayAll();
    },
  };
}

async function sayAtOnce(pool: pg.Pool, payloads: readonly Payload[]): Promise<void> {
  const params = [texts(payloads.map(({ channel }) => channel)), texts(payloads.map(({ text }) => text))];
  await onConnection(pool, (client) => askKept(client, notify, params));
}
