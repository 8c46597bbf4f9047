import { describe, expect, it } from 'vitest';
import type { ManualClock } from '../../../testing/manual-clock.ts';
import type { OpenStore } from '../open-store.ts';
import { unique } from '../samples.ts';
import { cutContents, endedOne, erase, erasure, shownEvent, uniqueNumber } from './samples.ts';

const page = { limit: 100, cursor: null };

/** What becomes of events under the other writing of a number that networks write in more ways than one. */
export function describeWritings(open: () => OpenStore, clock: ManualClock): void {
  describe('an event under another writing of the number of somebody who is erased', () => {
    it.each([
      ['Mexico', '52155', '5255', '155'],
      ['Brazil', '55119', '5511', '5521'],
      ['Argentina', '54911', '5411', '5413'],
    ])(
      'is told by the other, also where it was cut, and whose number ends alike is spared: %s',
      async (_where, ...starts) => {
        const [theirs = '', other = '', twin = ''] = starts.map(
          (start) => `${start}9${uniqueNumber().slice(-7)}`,
        );
        const end = theirs.slice(-8);
        const numbers = [theirs, `${other.slice(0, -8)}${end}`];
        const accountId = unique('acc');
        const spared = await endedOne(open(), accountId, { mobileNumber: `${twin.slice(0, -8)}${end}` });
        const before = [];
        for (const mobileNumber of numbers) before.push(await endedOne(open(), accountId, { mobileNumber }));
        await cutContents(open(), clock, accountId);
        const after = [];
        for (const mobileNumber of numbers) after.push(await endedOne(open(), accountId, { mobileNumber }));
        const ids = [...before, ...after].map(({ id }) => id);
        const found = async (mobileNumber: string) =>
          (await open().history.findEvents({ accountId, mobileNumber }, page)).data.map(
            ({ event }) => event.id,
          );
        for (const mobileNumber of numbers) expect(await found(`+${mobileNumber}`)).toEqual(ids.toReversed());

        expect(await erase(open(), erasure({ mobileNumber: theirs }))).toMatchObject({ events: 4 });
        for (const id of ids)
          expect((await shownEvent(open(), id))?.cut).toMatchObject({
            contents: 'erased',
            mobileNumber: null,
          });
        for (const mobileNumber of numbers) expect(await found(`+${mobileNumber}`)).toEqual([]);
        expect((await shownEvent(open(), spared.id))?.cut).toMatchObject({
          contents: 'cut',
          mobileNumber: { last4: end.slice(-4) },
        });
      },
    );
  });

  it('what names the number in its field, as whatsapp:+91… does, is told by it, also where it was cut', async () => {
    const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
    const names = [`whatsapp:+${mobileNumber}`, `${mobileNumber}@s.whatsapp.net`];
    const stored = [];
    for (const name of names) stored.push(await endedOne(open(), accountId, { mobileNumber: name }));
    const spared = await endedOne(open(), accountId, { mobileNumber: `whatsapp:+1${mobileNumber}` });
    await cutContents(open(), clock, accountId);
    for (const name of names) stored.push(await endedOne(open(), accountId, { mobileNumber: name }));
    expect(await erase(open(), erasure({ mobileNumber }))).toMatchObject({ events: 4 });
    for (const { id } of stored)
      expect((await shownEvent(open(), id))?.cut).toMatchObject({ contents: 'erased', mobileNumber: null });
    expect((await shownEvent(open(), spared.id))?.cut).toMatchObject({ contents: 'cut' });
  });
}
