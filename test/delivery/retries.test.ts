import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, iso, minute, openStage, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('retries', () => {
  it('follow the schedule over a day, with the same webhook-id and a new timestamp', async () => {
    const steps = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute];
    steps.push(hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour);
    await using endpoint = await stage.openEndpoint([...steps.map(() => 500), 200]);
    const [id = ''] = await endpoint.post('m');
    const attempts = [await endpoint.next()];
    for (const step of steps) {
      const at = stage.clock.now();
      expect(await stage.gateway.delivery(id)).toMatchObject({
        state: 'retrying',
        attemptCount: attempts.length,
        statusCode: 500,
        errorClass: 'status',
        nextAttemptAt: iso(at + step),
        finishedAt: null,
      });
      stage.clock.advance(step);
      const request = await endpoint.next();
      expect(request.arrivedAt - at).toBe(step);
      attempts.push(request);
    }
    expect(new Set(attempts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect(attempts.map(({ headers }) => Number(headers['webhook-timestamp']))).toEqual(
      attempts.map(({ arrivedAt }) => Math.floor(arrivedAt / second)),
    );
    const ended = await stage.gateway.delivery(id);
    expect(ended).toMatchObject({
      state: 'delivered',
      statusCode: 200,
      errorClass: null,
      nextAttemptAt: null,
    });
    expect(ended.attempts.map(({ number, statusCode }) => [number, statusCode])).toEqual([
      ...steps.map((_, i) => [i + 1, 500]),
      [11, 200],
    ]);
    expect(ended.attempts.map(({ startedAt }) => startedAt)).toEqual(
      attempts.map(({ arrivedAt }) => iso(arrivedAt)),
    );
  });

  it('end with failed when the attempts are used up', async () => {
    await using endpoint = await stage.openEndpoint([{ status: 500, body: 'oh no' }], {
      settings: { retry: { maxAttempts: 2 } },
    });
    const [id = ''] = await endpoint.post('m');
    await endpoint.next();
    stage.clock.advance(5 * second);
    await endpoint.next();
    expect(await stage.gateway.delivery(id)).toMatchObject({
      state: 'failed',
      stateReason: 'attempts_exhausted',
      nextAttemptAt: null,
      finishedAt: iso(stage.clock.now()),
      attempts: [
        { responseBody: 'oh no' },
        { responseBody: 'oh no', errorDetail: expect.stringContaining('500') },
      ],
    });
  });

  it('end with failed when the next one would come too late', async () => {
    await using endpoint = await stage.openEndpoint([500], {
      settings: { retry: { giveUpAfterMs: 60 * second } },
    });
    const [id = ''] = await endpoint.post('m');
    for (const step of [5 * second, 30 * second]) {
      await endpoint.next();
      stage.clock.advance(step);
    }
    await endpoint.next();
    expect(await stage.gateway.delivery(id)).toMatchObject({
      state: 'failed',
      stateReason: 'gave_up_after',
      attemptCount: 3,
    });
  });

  it('wait as long as Retry-After asks', async () => {
    await using endpoint = await stage.openEndpoint([
      { status: 500, headers: { 'retry-after': '3600' } },
      200,
    ]);
    await endpoint.post('m');
    const { arrivedAt } = await endpoint.next();
    stage.clock.advance(hour);
    expect((await endpoint.next()).arrivedAt - arrivedAt).toBe(hour);
  });

  it('go on after a restart, on time', async () => {
    await using endpoint = await stage.openEndpoint([500, 200]);
    const [id = ''] = await endpoint.post('m');
    const { arrivedAt } = await endpoint.next();
    await stage.gateway.restart();
    stage.clock.advance(5 * second - (stage.clock.now() - arrivedAt));
    expect((await endpoint.next()).headers['webhook-id']).toBe(id);
    expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
  });
});
