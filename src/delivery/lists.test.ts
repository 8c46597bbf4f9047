import { expect, it } from 'vitest';
import type { FakeRequest } from './testing/fake-sender.ts';
import { openStage } from './testing/stage.ts';

const maxItems = 20;

/** A webhook that gets lists, at an endpoint that answers each by what is in it. */
function open(answerTo: (reports: readonly string[], bytes: number) => number, maxBytes?: number) {
  const stage = openStage();
  // The store tells of a few deliveries at a time, so without a moment's wait a list has what was told of together.
  stage.webhook('shop', { batch: { maxItems, maxWaitMs: 1, ...(maxBytes && { maxBytes }) } });
  const lists: string[][] = [];
  const sizes: number[] = [];
  const ids: string[] = [];
  stage.sender.onSend = (request: FakeRequest) => {
    const reports = (JSON.parse(request.body) as { msg_id: string }[]).map(({ msg_id }) => msg_id);
    const bytes = Buffer.byteLength(request.body);
    lists.push(reports);
    sizes.push(bytes);
    ids.push(request.id);
    stage.clock.setTimer(() => request.answer(answerTo(reports, bytes)), 5);
  };
  return {
    ...{ stage, lists, sizes, ids },
    async run(ms: number): Promise<void> {
      for (const until = stage.clock.now() + ms; stage.clock.now() < until; ) await stage.pass(5);
    },
    delivered: () => stage.attempts.filter(({ after }) => after.state === 'delivered').length,
  };
}

it('A list with one bad report is halved at once, until that one fails alone', async () => {
  const run = open((reports) => (reports.includes('m7') ? 422 : 200));
  const all = await run.stage.accept('shop', maxItems);
  await run.run(500);
  expect(run.delivered()).toBe(maxItems - 1);
  expect(run.lists.length).toBeLessThanOrEqual(11);
  const before = run.lists.length;
  await run.run(6_000);
  expect(run.lists.slice(before)).toEqual([['m7']]);
  // Lists use up no attempt of a report; the two alone do.
  expect(run.stage.log.stateOf(all[7]?.id ?? '')).toMatchObject({ state: 'retrying' });
  const bad = run.stage.attempts.filter(({ deliveryId }) => deliveryId === all[7]?.id);
  expect(bad.map(({ counts }) => counts)).toEqual([...bad.slice(2).map(() => false), undefined, undefined]);
});

it('A list that is too large is halved, and teaches how large the next may be', async () => {
  let most = 1_500;
  const run = open((_, bytes) => (bytes > most ? 413 : 200));
  await run.stage.accept('shop', 60);
  await run.run(2_000);
  expect(run.delivered()).toBe(60);
  const learning = run.sizes.length;
  await run.stage.accept('shop', 200);
  await run.run(5_000);
  expect(run.delivered()).toBe(260);
  expect(run.sizes.slice(learning).filter((size) => size > most).length).toBeLessThanOrEqual(3);
  most = 0;
});

it('A list has no more bytes than the owner allows, and a report that has more goes alone', async () => {
  const run = open(() => 200, 1_500);
  await run.stage.accept('shop', 60);
  await run.run(500);
  expect(run.delivered()).toBe(60);
  expect(Math.max(...run.sizes)).toBeLessThanOrEqual(1_500);
  expect(Math.max(...run.lists.map((list) => list.length))).toBeGreaterThan(2);
  const small = open(() => 200, 10);
  await small.stage.accept('shop', 5);
  await small.run(500);
  expect(small.lists.map((list) => list.length)).toEqual([1, 1, 1, 1, 1]);
});

it('A list is left whole where the endpoint is down', async () => {
  const run = open(() => 500);
  await run.stage.accept('shop', maxItems);
  await run.run(40_000);
  expect(run.lists.map((list) => list.length)).toEqual([maxItems, maxItems, maxItems]);
  expect(new Set(run.ids).size).toBe(1);
});

it('Where everything is refused, lists are not halved for ever', async () => {
  const run = open(() => 404);
  await run.stage.accept('shop', 1_000);
  await run.run(4_000);
  // 50 lists, and the halves of some.
  expect(run.lists.length).toBeLessThan(150);
});

it('The same reports that go together again have the same webhook-id', async () => {
  let isDown = false;
  const run = open((reports) => (isDown ? 500 : reports.includes('m7') ? 422 : 200));
  await run.stage.accept('shop', maxItems);
  await run.stage.pass(5);
  isDown = true;
  await run.run(7_000);
  const halves = run.lists.filter((list) => list.length === maxItems / 2).map((list) => list.join());
  expect(halves).toHaveLength(4);
  expect(new Set(halves).size).toBe(2);
  expect(new Set(run.ids.slice(1)).size).toBe(2);
});
