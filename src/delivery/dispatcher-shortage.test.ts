import { describe, expect, it } from 'vitest';
import { breakerPolicy } from './lanes/breaker.ts';
import { openStage } from './testing/stage.ts';

const second = 1_000;

describe('a request that the machine is too short of something for', () => {
  it('uses up no attempt, and goes out as soon as that is over', async () => {
    const stage = openStage();
    stage.webhook('shop', { retry: { maxAttempts: 1, giveUpAfterMs: null } });
    const [delivery] = await stage.accept('shop', 1);
    stage.underWay('shop')[0]?.fallShort('files');
    await stage.settle();
    expect(stage.log.records).toEqual([]);
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, inMemory: 1 });
    await stage.pass(100);
    await stage.answer('shop', 200);
    expect(stage.attempts).toMatchObject([{ deliveryId: delivery?.id, number: 1, errorClass: null }]);
  });

  it('says nothing of its endpoint: no breaker opens, no concurrency shrinks', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 8 });
    await stage.accept('shop', 40);
    for (let round = 0; round < 20; round++) {
      for (const request of stage.underWay('shop')) request.fallShort('files');
      await stage.settle();
      await stage.pass(5 * second);
    }
    expect(stage.dispatcher.status().openBreakers).toBe(0);
    await stage.pass(60 * second);
    await stage.answer('shop', 200);
    expect(stage.underWay('shop')).toHaveLength(8);
  });

  it('keeps its place in the order of acceptance', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 3 });
    const deliveries = await stage.accept('shop', 6);
    const [first, second_, third] = stage.underWay('shop');
    first?.answer(200);
    await stage.settle();
    third?.fallShort('files');
    await stage.settle();
    second_?.fallShort('files');
    await stage.settle();
    stage.sender.always = 200;
    await stage.answer('shop', 200);
    for (let passed = 0; passed < 10; passed++) await stage.pass(10 * second);
    const last = new Map(stage.sentTo('shop').map((id, place) => [id, place]));
    const inOrder = [...last].sort(([, a], [, b]) => a - b).map(([id]) => id);
    expect(inOrder.indexOf(deliveries[1]?.id ?? '')).toBeLessThan(inOrder.indexOf(deliveries[2]?.id ?? ''));
    expect(new Set(stage.attempts.map(({ deliveryId }) => deliveryId)).size).toBe(6);
    expect(stage.attempts).toHaveLength(6);
  });

  it('that is a retry stays one, with the attempts that it had', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    await stage.pass(5 * second);
    stage.underWay('shop')[0]?.fallShort('memory');
    await stage.settle();
    await stage.pass(100);
    await stage.answer('shop', 200);
    expect(stage.attempts.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('that was the probe of an endpoint that fails lets the next one be it, at once', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 20 });
    await stage.accept('shop', 30);
    for (let round = 0; round < 3; round++) await stage.answer('shop', 500);
    expect(stage.dispatcher.status().openBreakers).toBe(1);
    await stage.pass(breakerPolicy.firstOpenMs);
    expect(stage.underWay('shop')).toHaveLength(1);
    stage.underWay('shop')[0]?.fallShort('files');
    await stage.settle();
    await stage.pass(100);
    expect(stage.underWay('shop')).toHaveLength(1);
    await stage.answer('shop', 200);
    expect(stage.dispatcher.status().openBreakers).toBe(0);
  });

  it('of a webhook that was deleted meanwhile is skipped, not kept', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    stage.registry.remove('shop');
    await stage.settle();
    const gone = stage.dispatcher.gone('shop');
    stage.underWay('shop')[0]?.fallShort('files');
    await stage.settle();
    await gone;
    expect(stage.log.stateOf(delivery?.id ?? '')).toMatchObject({ state: 'skipped' });
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, inMemory: 0 });
  });

  it('lets the gateway stop', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    const stopped = stage.dispatcher.stop(60 * second);
    stage.underWay('shop')[0]?.fallShort('files');
    await stage.settle();
    await stopped;
    expect(stage.clock.nextAt).toBeNull();
  });
});

describe('while the machine is short of descriptors or memory', () => {
  it('half of what was under way is, for all webhooks together, and step by step all again', async () => {
    const stage = openStage({ maxInFlight: 120 });
    for (const name of ['a', 'b', 'c', 'd']) {
      stage.webhook(name, { maxConcurrency: 50 });
      await stage.accept(name, 500);
    }
    // Each lane begins with 8 at once.
    expect(stage.sender.underWay.size).toBe(32);
    stage.underWay('a')[0]?.fallShort('files');
    await stage.settle();
    expect(stage.dispatcher.status().mostInFlight).toBe(16);
    for (const name of ['a', 'b', 'c', 'd']) await stage.answer(name, 200);
    expect(stage.sender.underWay.size).toBe(0);
    await stage.pass(100);
    // All are of one account, and leave a part to others.
    expect(stage.sender.underWay.size).toBeGreaterThanOrEqual(9);
    expect(stage.sender.underWay.size).toBeLessThanOrEqual(16);
    await stage.pass(900);
    expect(stage.dispatcher.status().mostInFlight).toBe(18);
    await stage.pass(10 * second);
    expect(stage.dispatcher.status().mostInFlight).toBe(38);
    await stage.pass(60 * second);
    expect(stage.dispatcher.status().mostInFlight).toBe(120);
  });

  it('it is asked ever more seldom whether that is over, up to every 5 s, and never by nobody', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    const starts: number[] = [];
    stage.sender.onSend = (request) => {
      starts.push(request.at);
      queueMicrotask(() => request.fallShort('files'));
    };
    stage.underWay('shop')[0]?.fallShort('files');
    await stage.settle();
    for (let step = 0; step < 400; step++) await stage.pass(100);
    const pauses = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
    expect(pauses.slice(0, 6)).toEqual([200, 400, 800, 1_600, 3_200, 5_000]);
    expect(Math.max(...pauses)).toBe(5_000);
    expect(Math.min(...pauses.slice(5))).toBe(5_000);
  });

  it('slowing down by somebody else who found it counts as well', async () => {
    const stage = openStage({ maxInFlight: 100 });
    stage.webhook('shop', { maxConcurrency: 50 });
    await stage.accept('shop', 500);
    stage.dispatcher.slowDown();
    expect(stage.dispatcher.status().mostInFlight).toBe(4);
  });
});

describe('while all ports towards an address are in use', () => {
  it('its webhook rests, ever longer, and no other does', async () => {
    const stage = openStage();
    stage.webhook('busy', { maxConcurrency: 1 });
    stage.webhook('shop', { maxConcurrency: 1 });
    await stage.accept('busy', 3);
    await stage.accept('shop', 3);
    stage.underWay('busy')[0]?.fallShort('ports');
    await stage.answer('shop', 200);
    expect(stage.underWay('shop')).toHaveLength(1);
    expect(stage.dispatcher.status().mostInFlight).toBe(1_000);
    await stage.pass(999);
    expect(stage.underWay('busy')).toHaveLength(0);
    await stage.pass(1);
    stage.underWay('busy')[0]?.fallShort('ports');
    await stage.settle();
    await stage.pass(1_999);
    expect(stage.underWay('busy')).toHaveLength(0);
    await stage.pass(1);
    await stage.answer('busy', 200);
    expect(stage.underWay('busy')).toHaveLength(1);
    expect(stage.log.records).toHaveLength(2);
  });
});
