import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../src/testing/eventually.ts';
import { hour, messageOf, minute, openStage, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('an answer', () => {
  it('is a success only with the codes and the text that the webhook names', async () => {
    const settings = { success: { codes: [202], bodyContains: 'ACK' } };
    const script = [200, { status: 202, body: 'later' }, { status: 202, body: 'ACK/Jasmin' }];
    await using endpoint = await stage.openEndpoint(script, { settings });
    const [id = ''] = await endpoint.post('m');
    for (const step of [5 * second, 30 * second]) {
      await endpoint.next();
      stage.clock.advance(step);
    }
    await endpoint.next();
    const { state, attempts } = await stage.gateway.delivery(id);
    expect(state).toBe('delivered');
    expect(attempts.map(({ errorClass }) => errorClass)).toEqual(['status', 'body_mismatch', null]);
  });

  it.each([429, 503])('of %i rests the whole webhook until Retry-After', async (status) => {
    await using endpoint = await stage.openEndpoint([{ status, headers: { 'retry-after': '120' } }, 200]);
    const [first = ''] = await endpoint.post('first');
    const { arrivedAt } = await endpoint.next();
    const [second_ = ''] = await endpoint.post('second');
    await stage.sendElsewhere();
    expect(endpoint.receiver.requests).toHaveLength(1);

    stage.clock.advance(2 * minute);
    const rest = [await endpoint.next()];
    // One a second is what it took before it said that this was too much.
    stage.clock.advance(second);
    rest.push(await endpoint.next());
    expect(rest.map(messageOf).sort()).toEqual(['first', 'second']);
    expect(rest.map((request) => request.arrivedAt - arrivedAt)).toEqual([2 * minute, 2 * minute + second]);
    for (const id of [first, second_])
      expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'delivered' });
  });

  it('of 410 disables the webhook; its deliveries wait and go on when it is enabled', async () => {
    await using endpoint = await stage.openEndpoint([410, 200]);
    const [gone = ''] = await endpoint.post('gone');
    await endpoint.next();
    const disabled = await eventually(endpoint.webhook, ({ status }) => status === 'disabled');
    expect(disabled.disabledReason).toBe('gone');
    const [waiting = ''] = await endpoint.post('waiting');
    stage.clock.advance(hour);
    await stage.gateway.restart();
    expect(await stage.gateway.delivery(gone)).toMatchObject({
      state: 'retrying',
      attemptCount: 1,
      statusCode: 410,
    });
    expect(await stage.gateway.delivery(waiting)).toMatchObject({ state: 'pending', attemptCount: 0 });
    expect(endpoint.receiver.requests).toHaveLength(1);

    await endpoint.call('enable');
    const arrived = [await endpoint.next(), await endpoint.next()];
    expect(arrived.map(messageOf).sort()).toEqual(['gone', 'waiting']);
    expect(await endpoint.webhook()).toMatchObject({ status: 'enabled', disabledReason: null });
    for (const id of [gone, waiting])
      expect(await stage.gateway.delivery(id)).toMatchObject({ state: 'delivered' });
  });
});
