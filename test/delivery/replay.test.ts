import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, openStage, report, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a replay', () => {
  it('sends again at once with the same webhook-id, and is marked manual', async () => {
    await using endpoint = await stage.openEndpoint();
    const [id = ''] = await endpoint.post('m');
    const first = await endpoint.next();
    expect(await stage.replay(id)).toBe(202);
    const again = await endpoint.next();
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    const { state, attempts } = await stage.gateway.delivery(id);
    expect(state).toBe('delivered');
    expect(attempts.map(({ number, manual }) => [number, manual])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('of a failed delivery gives it all its attempts again', async () => {
    await using endpoint = await stage.openEndpoint([500, 500, 200], {
      settings: { retry: { maxAttempts: 1 } },
    });
    const [id = ''] = await endpoint.post('m');
    await endpoint.next();
    expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'failed' });
    expect(await stage.replay(id)).toBe(202);
    await endpoint.next();
    expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'failed', attemptCount: 2 });
    expect(await stage.replay(id)).toBe(202);
    await endpoint.next();
    expect(await stage.gateway.delivery(id)).toMatchObject({
      state: 'delivered',
      stateReason: null,
      attemptCount: 3,
    });
  });

  it("of an ordered webhook waits for its message's report that is on its way", async () => {
    const settings = { ordered: true, retry: { maxAttempts: 2 } };
    await using endpoint = await stage.openEndpoint([500, 500, 500, 500, 500, 200], { settings });
    const ids: string[] = [];
    for (const status of ['sent', 'delivered']) {
      const { events } = await stage.gateway.accept({ ...report(endpoint.accountId, 'm'), status });
      const { id } = await stage.gateway.deliveryOf(events[0]?.id ?? '');
      await endpoint.next();
      stage.clock.advance(5 * second);
      await endpoint.next();
      expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'failed' });
      ids.push(id);
    }
    const [first = '', next = ''] = ids;
    expect(await stage.replay(first)).toBe(202);
    await endpoint.next();
    expect(await stage.gateway.delivery(first)).toMatchObject({ state: 'retrying', attemptCount: 3 });
    expect(await stage.replay(next)).toBe(202);
    await stage.sendElsewhere();
    expect(await stage.gateway.delivery(next)).toMatchObject({ state: 'pending', attemptCount: 2 });
    stage.clock.advance(5 * second);
    const last = [await endpoint.next(), await endpoint.next()];
    expect(last.map(({ headers }) => headers['webhook-id'])).toEqual(ids);
    expect(await stage.gateway.delivery(next)).toMatchObject({ state: 'delivered', attemptCount: 3 });
  });

  it('of what waits for a retry does not wait any longer', async () => {
    await using endpoint = await stage.openEndpoint([500, 200]);
    const [id = ''] = await endpoint.post('m');
    const { arrivedAt } = await endpoint.next();
    expect(await stage.replay(id)).toBe(202);
    expect((await endpoint.next()).arrivedAt).toBe(arrivedAt);
    stage.clock.advance(hour);
    await stage.sendElsewhere();
    expect(endpoint.receiver.requests).toHaveLength(2);
  });
});
