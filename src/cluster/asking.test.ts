import { beforeEach, describe, expect, it } from 'vitest';
import { HookwireError } from '../core/errors.ts';
import { NoAnswerError } from '../core/no-answer-error.ts';
import { ThreadError } from '../core/threads/thread-error.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { type Asking, createAsking, type Question } from './asking.ts';
import { createMessagesHub, type MessagesHub } from './testing/messages-hub.ts';
import { type PlayedCluster, playCluster } from './testing/played-cluster.ts';

const double: Question<number, number> = { name: 'double' };

describe('a question to another process', () => {
  let clock: ManualClock;
  let hub: MessagesHub;
  let cluster: PlayedCluster;
  let a: Asking;
  let b: Asking;
  let c: Asking;

  function open(id: string): Asking {
    return createAsking({ messages: hub.connect(id), cluster: cluster.of(id), clock });
  }

  beforeEach(() => {
    clock = createManualClock();
    hub = createMessagesHub();
    cluster = playCluster('a', 'b', 'c');
    [a, b, c] = [open('a'), open('b'), open('c')];
  });

  it('is answered by that one, which knows who asks', async () => {
    const asked: unknown[] = [];
    for (const [name, other] of Object.entries({ b, c }))
      other.answer(double, async (number, from) => {
        asked.push([name, from]);
        return 2 * number;
      });
    expect(await Promise.all([a.ask('b', double, 4), a.ask('c', double, 5)])).toEqual([8, 10]);
    expect(asked).toEqual([
      ['b', 'a'],
      ['c', 'a'],
    ]);
    expect(clock.waiting).toBe(1);
    clock.advance(2_000);
    expect(clock.waiting).toBe(0);
  });

  it('fails as it failed there', async () => {
    const expected = new HookwireError('conflict', 'There are enough.', {
      errors: [{ path: 'a', message: 'is too much' }],
      retryAfterSeconds: 3,
      limit: { name: 'webhooks', value: 7 },
    });
    b.answer(double, () => {
      throw expected;
    });
    c.answer(double, async () => {
      throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' });
    });
    const failed = await a.ask('b', double, 4).catch((error: unknown) => error);
    expect(failed).toEqual(expected);
    expect(failed).toBeInstanceOf(HookwireError);
    const broken = await a.ask('c', double, 4).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(ThreadError);
    expect(broken).toMatchObject({ message: 'The disk is full.', code: 'ENOSPC' });
  });

  it.each(['question', 'answer'])('is carried out once where an %s was lost', async (lost) => {
    let done = 0;
    b.answer(double, (number) => {
      done++;
      return 2 * number;
    });
    let left = 2;
    hub.lose((kind) => kind === lost && left-- > 0);
    const asked = a.ask('b', double, 4);
    for (let again = 0; again < 3; again++) {
      await turns();
      clock.advance(2_000);
    }
    expect(await asked).toBe(8);
    expect(done).toBe(1);
  });

  it('is not carried out again while it is', async () => {
    const done = Promise.withResolvers<number>();
    let begun = 0;
    b.answer(double, () => {
      begun++;
      return done.promise;
    });
    const asked = a.ask('b', double, 4);
    for (let again = 0; again < 3; again++) {
      await turns();
      clock.advance(2_000);
    }
    await turns();
    done.resolve(9);
    expect(await asked).toBe(9);
    expect(begun).toBe(1);
  });

  it('has no answer when none comes in time', async () => {
    b.answer(double, () => new Promise<number>(() => {}));
    const asked = a.ask('b', double, 4, { withinMs: 3_000 }).catch((error: unknown) => error);
    for (let passed = 0; passed < 4_000; passed += 2_000) {
      await turns();
      clock.advance(2_000);
    }
    const error = await asked;
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ code: 'overloaded', isGone: false, retryAfterSeconds: 2 });
    expect(clock.waiting).toBe(0);
  });

  it('has no answer when the process is gone, at once, or of another version', async () => {
    b.answer(double, () => new Promise<number>(() => {}));
    const asked = a.ask('b', double, 4, { withinMs: 60_000 }).catch((error: unknown) => error);
    await turns();
    cluster.die('b');
    clock.advance(2_000);
    expect(await asked).toMatchObject({ code: 'overloaded', isGone: true });
    await expect(a.ask('c', double, 4)).rejects.toMatchObject({ code: 'overloaded', isGone: false });
  });

  it('is not answered by what another one says', async () => {
    b.answer(double, async () => 1);
    c.answer(double, async () => 2);
    hub.lose((kind, _body, from) => kind === 'answer' && from === 'b');
    const asked = a.ask('b', double, 4);
    await turns();
    // Both number their questions alike, but for what tells one start from another.
    const again = open('a');
    expect(await again.ask('c', double, 4)).toBe(2);
    hub.lose(() => false);
    let isAnswered = false;
    void asked.then(() => {
      isAnswered = true;
    });
    // The answer goes to the process that listens under this id now, which did not ask it.
    clock.advance(2_000);
    await turns();
    expect(isAnswered).toBe(false);
  });

  it('can be asked of all others, of whom those that are gone have answered', async () => {
    b.answer(double, async () => 1);
    c.answer(double, () => new Promise<number>(() => {}));
    const asked = a.askOthers(double, 4);
    await turns();
    cluster.die('c');
    clock.advance(2_000);
    expect(await asked).toEqual([1]);
    c.close();
    cluster.die('b');
    expect(await a.askOthers(double, 4)).toEqual([]);
  });

  it('fails when the asking process stops', async () => {
    b.answer(double, () => new Promise<number>(() => {}));
    const asked = a.ask('b', double, 4);
    a.close();
    await expect(asked).rejects.toMatchObject({ code: 'stopping' });
    await expect(a.ask('b', double, 4)).rejects.toMatchObject({ code: 'stopping' });
    expect(clock.waiting).toBe(0);
  });
});
