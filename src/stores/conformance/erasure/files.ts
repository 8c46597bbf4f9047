import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { OpenPlace } from '../open-store.ts';
import { delivered, newEvent, record, unique } from '../samples.ts';
import { accept, drop, erase, eraseEvents, erasure, removeAccount, uniqueNumber } from './samples.ts';

/** Everything that the store of a place has on disk. */
export type StoredBytes = (place: string) => readonly Buffer[] | Promise<readonly Buffer[]>;

/** What stands in the files when an erasure has ended. */
export function describeFiles(open: OpenPlace, bytesOf: StoredBytes): void {
  const holds = async (place: string, text: string): Promise<boolean> =>
    (await bytesOf(place)).some((bytes) =>
      [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64')].some((form) =>
        bytes.includes(form),
      ),
    );

  describe('on disk', () => {
    it('nothing is left of a person, whatever waited and however it was written, and others are', async () => {
      const place = unique('files');
      const store = await open(place, createManualClock());
      const [theirs, other] = [uniqueNumber(), uniqueNumber()];
      const entries = Array.from({ length: 60 }, (_, i) => {
        const own = i % 5 === 0 ? unique(`own-${theirs}-`) : null;
        const attributes = { hex: Buffer.from(theirs).toString('hex'), long: 'x'.repeat(i * 200) };
        const mobileNumber = i % 2 === 0 ? theirs : other;
        return newEvent([unique('wh')], { mobileNumber, attributes }, own);
      });
      const { deliveries } = await accept(store, ...entries);
      for (const each of deliveries.slice(10))
        await record(store.log, each, delivered, { responseBody: `got ${theirs}` });
      expect(await holds(place, theirs)).toBe(true);
      const of = erasure({ mobileNumber: theirs }, { waiting: 'drop' });
      await drop(store, await eraseEvents(store, of));
      const { events, mentions } = await erase(store, of);
      expect([(events ?? 0) > 0, mentions]).toEqual([true, expect.any(Number)]);
      expect(await holds(place, theirs)).toBe(false);
      expect(await holds(place, other)).toBe(true);
      await store.close();
      expect(await holds(place, theirs)).toBe(false);
    });

    it('nothing is left of who was sought, nor of an account that was removed', async () => {
      const place = unique('files');
      const store = await open(place, createManualClock());
      const accountId = unique('a-name-that-tells');
      const [theirs, text] = [uniqueNumber(), unique('words that tell')];
      await store.directory.createAccount({ id: accountId, name: text, createdAt: 0 });
      const message = { text: { body: text } };
      await accept(store, newEvent([unique('wh')], { accountId, mobileNumber: theirs, message }));
      expect([await holds(place, theirs), await holds(place, text)]).toEqual([true, true]);
      await store.directory.deleteAccount(accountId);
      await removeAccount(store, accountId);
      expect([await holds(place, theirs), await holds(place, text)]).toEqual([false, false]);
      const sought = uniqueNumber();
      await erase(store, erasure({ mobileNumber: sought }));
      expect(await holds(place, sought)).toBe(false);
      await store.close();
    });
  });
}
