import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newEvent } from '../conformance/samples.ts';
import type { AppendResult, NewEvent } from '../ports/delivery-log.ts';
import { type CommitQueue, createCommitQueue, mostRows, type WaitingEvent } from './commit-queue.ts';

const mostInPart = 150;
const mostSpread = 150;
const bounds = { mostInPart, mostSpread };

const webhooks = (count: number): string[] => Array.from({ length: count }, (_, i) => `wh_${i}`);

const otherWebhooks = (count: number): string[] => webhooks(count).map((id) => `${id}_other`);

function events(accountId: string, count: number, webhookIds: readonly string[], size = 0): NewEvent[] {
  return Array.from({ length: count }, () => ({ ...newEvent(webhookIds, { accountId }), size }));
}

const accountOf = ({ entry }: WaitingEvent): string => entry.event.accountId;
/** The webhooks that it is for, in this commit. */
const webhooksOf = ({ entry, part }: WaitingEvent): readonly string[] =>
  part === null ? entry.webhookIds : entry.webhookIds.slice(part.from, part.to);
const isFirst = ({ part }: WaitingEvent): boolean => part === null || part.from === 0;
const rowsOf = (taken: readonly WaitingEvent[]): number =>
  taken.reduce((sum, waiting) => sum + (isFirst(waiting) ? 1 : 0) + webhooksOf(waiting).length, 0);
const spreadOf = (taken: readonly WaitingEvent[]): number =>
  new Set(taken.filter(({ entry }) => entry.webhookIds.length > 1).flatMap(webhooksOf)).size;

/** Stores what was taken, and answers whom that answers. */
function store(queue: CommitQueue, taken: readonly WaitingEvent[]): void {
  const results = taken.map(
    ({ entry }): AppendResult => ({ result: 'accepted', eventId: entry.event.messageId, deliveries: 0 }),
  );
  for (const answer of queue.stored(taken, results)) answer();
}

describe('the queue of what is to be committed', () => {
  it('splits a large call over commits of bounded size, and answers it when all of it is on disk', async () => {
    const queue = createCommitQueue(bounds);
    const call = events('acc_1', 20, webhooks(1_000));
    let answered = false;
    const answer = queue.add(call).finally(() => {
      answered = true;
    });
    let commits = 0;
    while (!queue.isEmpty) {
      const taken = queue.take();
      expect(spreadOf(taken)).toBeLessThanOrEqual(mostSpread);
      await Promise.resolve();
      expect(answered).toBe(false);
      store(queue, taken);
      commits++;
    }
    expect(commits).toBe(20 * Math.ceil(1_000 / mostInPart));
    expect((await answer).map(({ eventId }) => eventId)).toEqual(call.map(({ event }) => event.messageId));
    expect(queue.events).toBe(0);
  });

  it('takes an event for very many webhooks in parts, and lets others get between', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('large', 1, webhooks(620)));
    void queue.add(events('other', 40, otherWebhooks(20)));
    const commits = Array.from({ length: 9 }, () => queue.take());
    const parts = commits.flat().filter(({ part }) => part !== null);
    expect(parts.map((waiting) => webhooksOf(waiting).length)).toEqual([150, 150, 150, 150, 20]);
    expect(parts.flatMap(webhooksOf)).toEqual(webhooks(620));
    expect(commits.slice(0, 3).map((taken) => [...new Set(taken.map(accountOf))])).toEqual([
      ...[['large'], ['other'], ['large']],
    ]);
  });

  it('says of which events no more parts come, whichever event of their call failed', () => {
    const givenUp: number[] = [];
    const queue = createCommitQueue({ ...bounds, onGivenUp: (event) => givenUp.push(event) });
    void queue
      .add([...events('acc_1', 1, webhooks(600)), ...events('acc_2', 1, otherWebhooks(600))])
      .catch(() => {});
    const [one, two] = [queue.take(), queue.take()];
    for (const [i, { part }] of [...one, ...two].entries()) {
      if (part) part.whole.begun = { seq: i, acceptedAt: null };
    }
    expect([...one, ...two].map(accountOf)).toEqual(['acc_1', 'acc_2']);
    store(queue, one);
    queue.failed(two, new Error('disk full'));
    expect(queue.take()).toEqual([]);
    expect(new Set(givenUp)).toEqual(new Set([0, 1]));
    expect(queue.isEmpty).toBe(true);
  });

  it('drops the other parts of an event that was there before, and answers its call', async () => {
    const queue = createCommitQueue(bounds);
    const answer = queue.add([...events('acc_1', 1, webhooks(1_000)), ...events('acc_1', 1, ['wh_1'])]);
    const [first] = queue.take();
    if (!first) throw new Error('nothing taken');
    const duplicate = { result: 'duplicate', eventId: 'evt_1', deliveries: 1_000 } as const;
    expect(queue.stored([first], [duplicate])).toEqual([]);
    const rest = queue.take();
    expect(rest.map(({ part }) => part)).toEqual([null]);
    store(queue, rest);
    expect((await answer).map(({ result }) => result)).toEqual(['duplicate', 'accepted']);
    expect(queue.isEmpty).toBe(true);
  });

  it('answers a call once, when a part of what was there before was on its way already', async () => {
    const queue = createCommitQueue(bounds);
    const answer = queue.add([...events('acc_1', 1, webhooks(270)), ...events('acc_1', 1, ['wh_1'])]);
    const first = queue.take();
    const others = queue.takeLight(10_000);
    expect([first, others].map((taken) => taken.map((one) => rowsOf([one])))).toEqual([[151], [120, 2]]);
    const duplicate = { result: 'duplicate', eventId: 'evt_1', deliveries: 270 } as const;
    expect(queue.stored(first, [duplicate])).toEqual([]);
    store(queue, others);
    expect((await answer).map(({ result }) => result)).toEqual(['duplicate', 'accepted']);
  });

  it('bounds a commit in the webhooks of events for several, which may be the same for many events', () => {
    const queue = createCommitQueue(bounds);
    for (let n = 0; n < 4; n++) {
      const ids = webhooks(100).map((id) => `${id}_${n}`);
      void queue.add(events(`acc_${n}`, 2, ids));
    }
    const commits = Array.from({ length: 5 }, () => queue.take());
    expect(commits.map((taken) => [taken.length, spreadOf(taken)])).toEqual([
      ...Array(4).fill([2, 100]),
      [0, 0],
    ]);
    void queue.add(events('acc_1', 1_000, ['wh_1', 'wh_2', 'wh_3']));
    expect(rowsOf(queue.take())).toBeGreaterThan(mostRows - 4);
  });

  it('bounds a commit in characters', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('acc_1', 3, [], 2 ** 18));
    expect([queue.take(), queue.take(), queue.take()].map((taken) => taken.length)).toEqual([2, 1, 0]);
  });

  it('lets every other account into the next commit, whatever one has called before', async () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('heavy', 500, webhooks(1_000)));
    store(queue, queue.take());
    const light = Array.from({ length: 50 }, (_, i) => queue.add(events(`light ${i}`, 2, ['wh_1'])));
    const taken = [queue.take(), queue.take()].flat();
    expect(new Set(taken.map(accountOf)).size).toBe(51);
    store(queue, taken);
    await Promise.all(light);
  });

  it('lets others into a commit beside an account whose events are large', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('large', 100, [], 2 ** 20));
    store(queue, queue.take());
    for (let i = 0; i < 20; i++) void queue.add(events(`light ${i}`, 1, ['wh_1'], 500));
    expect(new Set([queue.take(), queue.take()].flat().map(accountOf)).size).toBe(21);
  });

  it('shares commits out evenly between accounts that call a lot', () => {
    const queue = createCommitQueue(bounds);
    for (const accountId of ['a', 'b', 'c']) void queue.add(events(accountId, 2_000, ['wh_1']));
    const rows = new Map<string, number>();
    for (let i = 0; i < 6; i++) {
      for (const taken of queue.take()) {
        rows.set(accountOf(taken), (rows.get(accountOf(taken)) ?? 0) + 2);
      }
    }
    const shares = [...rows.values()];
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(400);
  });

  it('has commits of their own for accounts that call little while another waits with much', async () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('heavy', 500, webhooks(20)));
    const light = queue.add(events('light', 2, ['wh_1']));
    const taken = queue.takeLight(0);
    expect(taken.map(accountOf)).toEqual(['light', 'light']);
    store(queue, taken);
    expect(await light).toHaveLength(2);
    expect(queue.takeLight(0)).toEqual([]);
    expect(new Set(queue.take().map(accountOf))).toEqual(new Set(['heavy']));
  });

  it('has none of them where it would spare them little', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('a', 20, ['wh_1']));
    void queue.add(events('b', 20, ['wh_1']));
    expect(queue.takeLight(300)).toEqual([]);
    expect(queue.takeLight(320)).toHaveLength(40);
  });

  it('takes some hundred rows of theirs at once, and leaves nobody out for good', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('heavy', 5_000, ['wh_1']));
    for (let i = 0; i < 10; i++) void queue.add(events(`light ${i}`, 50, ['wh_1']));
    const taken: WaitingEvent[][] = [];
    for (let some = [...queue.takeLight(0)]; some.length > 0; some = [...queue.takeLight(0)])
      taken.push(some);
    expect(taken.map(rowsOf)).toEqual([300, 300, 300, 100]);
    expect(new Set(taken.flat().map(accountOf)).size).toBe(10);
  });

  it('never takes two parts of an event into one commit of those who call little', () => {
    const queue = createCommitQueue(bounds);
    void queue.add(events('light', 1, webhooks(2 * mostInPart + 20)));
    expect(queue.take().map(({ part }) => part?.from)).toEqual([0]);
    const parts = [queue.takeLight(10_000), queue.takeLight(10_000), queue.takeLight(10_000)];
    expect(parts.map((taken) => taken.map(({ part }) => part?.from))).toEqual([
      ...[[mostInPart], [2 * mostInPart], []],
    ]);
    expect(queue.isEmpty).toBe(true);
  });

  it('drops what is left of a call when a commit with some of it fails, and nothing of others', async () => {
    const queue = createCommitQueue(bounds);
    const lost = queue.add(events('acc_1', 4, webhooks(1_000)));
    const kept = queue.add(events('acc_1', 1, ['wh_1']));
    const first = queue.take();
    queue.failed(first, new Error('disk full'));
    await expect(lost).rejects.toThrow('disk full');
    const rest = queue.take();
    expect(rest).toHaveLength(1);
    store(queue, rest);
    expect(await kept).toHaveLength(1);
    expect(queue.events).toBe(0);
    expect(queue.isEmpty).toBe(true);
  });

  it('takes an event for however many webhooks at once where none is stored in parts', () => {
    const queue = createCommitQueue();
    void queue.add(events('heavy', 1, webhooks(5_000)));
    expect(queue.take().map(webhooksOf)).toEqual([webhooks(5_000)]);
    expect(queue.isEmpty).toBe(true);
  });

  it('has one commit of an account under way at a time where commits know no order', async () => {
    const account = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ account, webhooks: fc.integer({ min: 0, max: 900 }) }),
      fc.record({ isLight: fc.boolean(), others: fc.nat(5_000) }),
      fc.record({ ends: fc.nat(), fails: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const queue = createCommitQueue({ oneByOne: true });
        const called: NewEvent[] = [];
        const ended: NewEvent[] = [];
        const underWay: (readonly WaitingEvent[])[] = [];
        const begin = (taken: readonly WaitingEvent[]): void => {
          const busy = new Set(underWay.flat().map(accountOf));
          expect(taken.filter((waiting) => busy.has(accountOf(waiting)))).toEqual([]);
          if (taken.length > 0) underWay.push(taken);
        };
        const end = (place: number, fails: boolean): void => {
          const [taken] = underWay.splice(place % underWay.length, 1);
          if (!taken) return;
          ended.push(...taken.map(({ entry }) => entry));
          if (fails) queue.failed(taken, new Error('away'));
          else store(queue, taken);
        };
        for (const each of steps) {
          if ('account' in each) {
            // Each a call of its own: one that fails takes none of the others with it.
            const [given] = events(each.account, 1, webhooks(each.webhooks));
            if (given) called.push(given);
            queue.add(given ? [given] : []).catch(() => {});
          } else if ('isLight' in each) begin(each.isLight ? queue.takeLight(each.others) : queue.take());
          else if (underWay.length > 0) end(each.ends, each.fails);
        }
        while (!queue.isEmpty || underWay.length > 0) {
          begin(queue.take());
          end(0, false);
        }
        for (const name of ['a', 'b', 'c']) {
          const of = (entries: readonly NewEvent[]) =>
            entries.filter(({ event }) => event.accountId === name);
          expect(of(ended)).toEqual(of(called));
        }
        expect(queue.events).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('takes every event once, in the order of its account, and answers every call in its order', async () => {
    const call = fc.array(
      fc.record({
        account: fc.constantFrom('a', 'b', 'c', 'd'),
        webhooks: fc.integer({ min: 0, max: 2_000 }),
        size: fc.integer({ min: 0, max: 2 ** 20 }),
      }),
      { maxLength: 8 },
    );
    const step = fc.oneof(fc.record({ call }), fc.record({ others: fc.nat(3_000), isLight: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const queue = createCommitQueue(bounds);
        const called: NewEvent[] = [];
        const taken: WaitingEvent[] = [];
        const answers: Promise<void>[] = [];
        const commit = (others: number, isLight = false): void => {
          const some = isLight ? queue.takeLight(others) : queue.take();
          expect(rowsOf(some)).toBeLessThanOrEqual(mostRows);
          if (!isLight) expect(spreadOf(some)).toBeLessThanOrEqual(mostSpread);
          taken.push(...some);
          store(queue, some);
        };
        for (const each of steps) {
          if ('others' in each) commit(each.others, each.isLight);
          else {
            const given = each.call.flatMap(({ account, webhooks: count, size }) =>
              events(account, 1, webhooks(count), size),
            );
            called.push(...given);
            answers.push(
              queue.add(given).then((results) => {
                const ids = given.map(({ event }) => event.messageId);
                expect(results.map(({ eventId }) => eventId)).toEqual(ids);
              }),
            );
          }
        }
        while (!queue.isEmpty) commit(0);
        await Promise.all(answers);
        for (const account of ['a', 'b', 'c', 'd']) {
          const of = (entries: readonly NewEvent[]) =>
            entries.filter(({ event }) => event.accountId === account);
          const own = taken.filter((waiting) => accountOf(waiting) === account);
          expect(own.filter(isFirst).map(({ entry }) => entry)).toEqual(of(called));
          expect(own.flatMap(webhooksOf)).toEqual(of(called).flatMap(({ webhookIds }) => webhookIds));
        }
      }),
      { numRuns: 50 },
    );
  });
});
