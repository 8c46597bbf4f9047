import { describe, expect, it } from 'vitest';
import { HookwireError } from './errors.ts';
import { createFairPlaces } from './fair-places.ts';

const refused = () => new HookwireError('slow_down', 'Too many of the account.');
const settle = () => new Promise((resolve) => setImmediate(resolve));

function open(bounds: { most?: number; mostWaiting?: number; mostWaitingOfAccount?: number } = {}) {
  const state = { hasRoom: true };
  const turns = createFairPlaces({
    most: 100,
    mostWaiting: 100,
    mostWaitingOfAccount: 10,
    ...bounds,
    hasRoom: () => state.hasRoom,
  });
  /** Calls that got their turn, in that order, with how they leave. */
  const begun: string[] = [];
  const leave = new Map<string, () => void>();
  const gone = new Map<string, AbortController>();

  async function call(name: string, most = 2): Promise<void> {
    const left = new AbortController();
    gone.set(name, left);
    const leaves = await turns.enter(name.charAt(0), most, refused, left.signal);
    begun.push(name);
    leave.set(name, leaves);
  }
  return {
    turns,
    call,
    begun,
    state,
    async end(name: string) {
      leave.get(name)?.();
      await settle();
    },
    async goAway(name: string) {
      gone.get(name)?.abort();
      await settle();
    },
  };
}

describe('fair places', () => {
  it('let so many of an account go on at once, and the next when one has left', async () => {
    const { call, begun, end } = open();
    const calls = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => call(name));
    await settle();
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await end('a2');
    await end('a2');
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
    await end('a1');
    await Promise.all(calls);
    expect(begun.at(-1)).toBe('a4');
  });

  it('give free places to accounts by turns, whoever asked more', async () => {
    const { call, begun, end } = open({ most: 2 });
    const calls = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1'].map((name) => call(name, 5));
    await settle();
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1']) await end(name);
    await Promise.all(calls);
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'a5']);
  });

  it('refuse an account more than may wait, with what it is told, and no other account', async () => {
    const { call, begun } = open({ mostWaitingOfAccount: 1 });
    const calls = ['a1', 'a2', 'a3'].map((name) => call(name));
    await expect(call('a4')).rejects.toMatchObject({ code: 'slow_down' });
    await call('b1');
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    expect(calls).toHaveLength(3);
  });

  it('refuse everybody more than may wait in all', async () => {
    const { call } = open({ most: 1, mostWaiting: 2 });
    const calls = ['a1', 'b1', 'c1'].map((name) => call(name));
    await expect(call('d1')).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
    expect(calls).toHaveLength(3);
  });

  it('take who is gone out of the line', async () => {
    const { call, begun, end, goAway } = open({ mostWaitingOfAccount: 1 });
    const [, , left] = ['a1', 'a2', 'a3'].map((name) => call(name));
    const refusal = expect(left).rejects.toThrow('left before');
    await goAway('a3');
    await refusal;
    const next = call('a5');
    await end('a1');
    await next;
    expect(begun).toEqual(['a1', 'a2', 'a5']);
  });

  it('wait while there is no room for answers, and go on when one has left', async () => {
    const { turns, call, begun, end, state } = open();
    await call('a1');
    state.hasRoom = false;
    const waiting = call('b1');
    await settle();
    expect(begun).toEqual(['a1']);
    state.hasRoom = true;
    turns.roomMade();
    await waiting;
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1');
  });
});
