import { afterAll, expect, it } from 'vitest';
import { eventually } from '../../../testing/eventually.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { accountDeletion, endedOne, findAll } from '../../conformance/erasure/samples.ts';
import { cutAll } from '../../conformance/retention.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const day = 24 * 3_600_000;

it('numbers do not run back after a clock that was ahead, though all that had them is gone: what comes is cut and found', async () => {
  const clock = createManualClock();
  let store = await places.open('ahead', clock);
  const keep = () => store.retention.keep({ ofAll: { payloadMs: day, logMs: null }, own: new Map() });
  await keep();
  const messages: string[] = [];
  const accept = async (accountId: string): Promise<string> => {
    const { id, delivery } = await endedOne(store, accountId, {});
    messages.push(delivery.event.messageId);
    return id;
  };
  clock.set(30 * day);
  const ahead = await accept('acc_1');
  clock.set(-30 * day);
  await accept('acc_1');
  clock.advance(2 * day);
  expect(await cutAll(store, clock.now())).toMatchObject({ cut: 1 });
  const of = accountDeletion('acc_1');
  await store.erasures.create(of);
  for (let left: readonly number[] = await findAll(store, of); left.length > 0; )
    left = left.slice(await store.erasures.deleteEvents(of, left));
  await eventually(
    () => store.erasures.isForgotten(of),
    (isForgotten) => isForgotten,
  );
  await store.close();

  clock.advance(1_000);
  store = await places.open('ahead', clock);
  await keep();
  const later = await accept('acc_2');
  expect(later > ahead).toBe(true);
  clock.advance(2 * day);
  expect(await cutAll(store, clock.now())).toMatchObject({ cut: 1 });
  const found = await store.history.findEvents(
    { accountId: 'acc_2', messageId: messages.at(-1) ?? '' },
    { limit: 10, cursor: null },
  );
  expect(found.data).toMatchObject([{ event: { id: later, cut: { contents: 'cut' } } }]);
  await store.close();
});
