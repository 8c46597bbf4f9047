// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliveryOf } from '../testing/delivery.ts';
import { lookAtAccount } from './client.ts';
import { type LiveState, pauseMs, watchDeliveries } from './live.ts';

interface Connection {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  say(text: string): void;
  end(): void;
}

const connections: Connection[] = [];
let refuse: Response | null = null;
let stop: () => void = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  lookAtAccount('acc_1');
  refuse = null;
  connections.length = 0;
  vi.stubGlobal(
    'fetch',
    async (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      init.signal.addEventListener('abort', () => void writer.abort(new Error('aborted')).catch(() => {}));
      connections.push({
        url,
        ...init,
        say: (text) => void writer.write(new TextEncoder().encode(text)).catch(() => {}),
        end: () => void writer.close().catch(() => {}),
      });
      return refuse ?? new Response(readable);
    },
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  lookAtAccount(null);
});

function watch() {
  const states: [LiveState, string | null][] = [];
  const ids: string[] = [];
  const gaps: number[] = [];
  stop = watchDeliveries(
    { accountId: 'acc_1', webhookId: 'wh_1' },
    {
      onState: (state, problem) => states.push([state, problem?.code ?? null]),
      onDelivery: ({ id }) => ids.push(id),
      onGap: (count) => gaps.push(count),
    },
    { random: () => 1 },
  );
  return { states, ids, gaps };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const last = () => connections.at(-1) as Connection;

describe('watching deliveries', () => {
  it('asks with the filters and the headers that every call carries', async () => {
    const { states } = watch();
    await settle();
    expect(last().url).toBe('/v1/live?accountId=acc_1&webhookId=wh_1');
    expect(last().headers).toMatchObject({ 'hookwire-account': 'acc_1', 'hookwire-csrf': '1' });
    expect(states).toEqual([
      ['connecting', null],
      ['open', null],
    ]);
  });

  it('hands on deliveries, and how many are missing', async () => {
    const { ids, gaps } = watch();
    await settle();
    last().say(`event: delivery\ndata: ${JSON.stringify(deliveryOf({ id: 'dlv_7' }))}\n\n`);
    last().say('event: skipped\ndata: {"count":12}\n\n');
    await settle();
    expect(ids).toEqual(['dlv_7']);
    expect(gaps).toEqual([12]);
  });

  it('connects again when the stream ends', async () => {
    const { states } = watch();
    await settle();
    last().end();
    await settle();
    expect(states.at(-1)).toEqual(['waiting', null]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections).toHaveLength(2);
    expect(states.at(-1)).toEqual(['open', null]);
  });

  it('takes a stream that is silent for 45 s for gone', async () => {
    watch();
    await settle();
    await vi.advanceTimersByTimeAsync(44_000);
    last().say(':\n\n');
    await vi.advanceTimersByTimeAsync(44_000);
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(connections).toHaveLength(2);
  });

  it('waits as long as the gateway asks', async () => {
    const problem = { status: 503, code: 'overloaded', title: 'Too many', detail: 'Close one.' };
    refuse = Response.json(problem, { status: 503, headers: { 'retry-after': '30' } });
    const { states } = watch();
    await settle();
    expect(states.at(-1)).toEqual(['waiting', 'overloaded']);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(connections).toHaveLength(1);
    refuse = null;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(states.at(-1)).toEqual(['open', null]);
  });

  it('stops where trying again cannot help', async () => {
    const problem = { status: 401, code: 'unauthorized', title: 'Sign in', detail: 'Sign in.' };
    refuse = Response.json(problem, { status: 401 });
    const { states } = watch();
    await settle();
    expect(states.at(-1)).toEqual(['stopped', 'unauthorized']);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(connections).toHaveLength(1);
  });

  it('ends when it is told to', async () => {
    watch();
    await settle();
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(last().signal.aborted).toBe(true);
    expect(connections).toHaveLength(1);
  });
});

describe('the pause before connecting again', () => {
  it('doubles up to half a minute, and differs between clients', () => {
    expect([1, 2, 3, 9].map((tries) => pauseMs(tries, () => 1))).toEqual([1_000, 2_000, 4_000, 30_000]);
    expect(pauseMs(1, () => 0)).toBe(500);
  });
});
