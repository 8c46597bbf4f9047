import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf, openStage, report, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('lanes', () => {
  it('keep an endpoint that never answers from delaying any other', async () => {
    await using stuck = await stage.openEndpoint(['timeout']);
    await using quick = await stage.openEndpoint();
    const ids = Array.from({ length: 300 }, (_, i) => `m${i}`);
    const both = ids.flatMap((id) => [report(stuck.accountId, id), report(quick.accountId, id)]);
    await stage.gateway.accept(both);
    // No time passes by this clock, so nothing here can have waited for a timeout.
    expect((await quick.receiver.take(300)).map(messageOf).sort()).toEqual([...ids].sort());
    expect(stuck.receiver.requests.length).toBeLessThan(50);
    stage.clock.advance(20 * second);
  });

  it('send at most as many requests at once as the webhook allows', async () => {
    const slow = [{ status: 200, delayMs: second }];
    await using endpoint = await stage.openEndpoint(slow, { settings: { maxConcurrency: 2 } });
    const { receiver } = endpoint;
    await endpoint.post('m1', 'm2', 'm3', 'm4', 'm5');
    let arrived = 0;
    for (const more of [2, 2, 1]) {
      arrived += more;
      await receiver.take(more);
      await stage.sendElsewhere();
      expect(receiver.requests).toHaveLength(arrived);
      stage.clock.advance(second);
    }
    await stage.gateway.idle();
    expect(Math.max(...receiver.requests.map(({ socketId }) => socketId))).toBe(2);
  });

  it('send no faster than the webhook allows', async () => {
    await using endpoint = await stage.openEndpoint([200], { settings: { ratePerSecond: 2 } });
    const from = stage.clock.now();
    await endpoint.post('m1', 'm2', 'm3', 'm4', 'm5');
    while (endpoint.receiver.requests.length < 5) {
      stage.clock.advance(100);
      await stage.gateway.idle();
    }
    const times = endpoint.receiver.requests.map(({ arrivedAt }) => arrivedAt - from);
    expect(times).toEqual([0, 500, 1_000, 1_500, 2_000]);
  });

  it('send what is new before what is tried again', async () => {
    await using endpoint = await stage.openEndpoint([500], { settings: { maxConcurrency: 1 } });
    const { receiver } = endpoint;
    await endpoint.post('old 1', 'old 2');
    await receiver.take(2);
    await stage.gateway.idle();
    await endpoint.call('disable');
    receiver.play([200]);
    await endpoint.post('new 1', 'new 2');
    stage.clock.advance(5 * second);
    await endpoint.call('enable');
    const order = (await receiver.take(4)).map(messageOf);
    expect(order.slice(0, 2)).toEqual(['new 1', 'new 2']);
    expect(order.slice(2).sort()).toEqual(['old 1', 'old 2']);
  });
});
