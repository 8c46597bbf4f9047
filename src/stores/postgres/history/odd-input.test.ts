import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { appendTold, newEvent, unique } from '../../conformance/samples.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
let store: Awaited<ReturnType<typeof places.open>>;
beforeAll(async () => {
  store = await places.open('odd', createManualClock());
  await appendTold(store.log, [newEvent(['wh_1'], { messageId: 'a\u0000b' }, unique('own'))]);
});
afterAll(async () => {
  await store.close();
  await places.remove();
});

const list = async (filter: Partial<DeliveryFilter>) =>
  (await store.history.listDeliveries({ accountId: 'acc_1', ...filter }, { limit: 10, cursor: null })).data;
const odd = ['\u0000', 'acc_1\u0000', '\ud800', 'wh_1\udfff', '', "'; drop table events; --", '\u202e'];

describe('a list', () => {
  it.each(odd)('of %j finds nothing, in each field that takes a text', async (text) => {
    for (const field of [
      'accountId',
      'webhookId',
      'stateReason',
      'messageId',
      'transactionId',
      'mobileNumber',
    ]) {
      expect(await list({ [field]: text }), field).toEqual([]);
    }
  });

  it('finds a message id with a NUL character in it', async () => {
    expect(await list({ messageId: 'a\u0000b' })).toMatchObject([{ event: { messageId: 'a\u0000b' } }]);
    expect(await list({ messageId: 'a\ufffdb' })).toEqual([]);
  });

  it.each([0, -1, 99_999, 1e300, 200.5, Number.MAX_SAFE_INTEGER, Number.NaN, Infinity])(
    'with the status %d finds nothing',
    async (statusCode) => {
      expect(await list({ statusCode })).toEqual([]);
      expect(await list({ statusCode, accountId: null, state: 'failed' })).toEqual([]);
    },
  );

  it('takes any two instants', async () => {
    const instants = [-1e300, -1, 0, 0.5, 2 ** 53, 1e18, 1e300];
    for (const from of instants) {
      for (const to of instants) {
        const isIn = from <= 0.5 && to >= 2 ** 53;
        expect(await list({ from, to }), `${from} to ${to}`).toHaveLength(isIn ? 1 : 0);
      }
    }
  });
});

it.each(odd)('a delivery or event %j there is none', async (id) => {
  expect(await store.history.getDelivery(id)).toBeNull();
  expect(await store.history.getEvent(id, null)).toBeNull();
  expect(await store.history.getEvent(id, id)).toBeNull();
  expect(await store.history.statesOf([id])).toEqual([]);
});
