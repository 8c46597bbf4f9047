import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import {
  acceptOne,
  accountDeletion,
  eraseThese,
  erasure,
  findAll,
  shownEvent,
  uniqueNumber,
} from '../../conformance/erasure/samples.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { delivered, record, unique } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('an erasure that the disk refuses', () => {
  const clock = createManualClock();
  let store: OpenStore;
  let db: DatabaseSync;
  beforeAll(async () => {
    store = await places.open('refused', clock);
    db = new DatabaseSync(join(places.dataDir('refused'), 'hookwire.db'), { timeout: 10_000 });
  });
  afterAll(async () => {
    db.close();
    await store.close();
  });

  async function whileRefused(what: string, work: () => Promise<unknown>): Promise<void> {
    db.exec(`CREATE TRIGGER refusal BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    for (let i = 0; i < 2; i++) await expect(work()).rejects.toThrow('disk full');
    db.exec('DROP TRIGGER refusal');
  }
  async function ended(accountId: string, mobileNumber: string): Promise<string> {
    const { id, delivery } = await acceptOne(store, accountId, { mobileNumber, attributes: { a: 1 } });
    await record(store.log, delivery, delivered, { responseBody: `got ${mobileNumber}` });
    return id;
  }
  const countsOf = async (id: string) => (await store.erasures.get(id))?.counts;

  it.each([
    'UPDATE ON events',
    'UPDATE ON attempts',
    'INSERT ON index_forgotten',
    'INSERT ON erasure_counts',
  ])('at %s does nothing by halves, and counts once', async (what) => {
    const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
    const ids = [await ended(accountId, mobileNumber), await ended(accountId, mobileNumber)];
    const before = await Promise.all(ids.map((id) => shownEvent(store, id)));
    const of = erasure({ mobileNumber });
    await store.erasures.create(of);
    const events = await findAll(store, of);
    await whileRefused(what, () => store.erasures.eraseEvents(of, events, 'events'));
    expect(await Promise.all(ids.map((id) => shownEvent(store, id)))).toEqual(before);
    expect(await countsOf(of.id)).toEqual({});
    await eraseThese(store, of, events);
    expect(await countsOf(of.id)).toEqual({ events: 2, deliveries: 2, attempts: 2 });
    for (const id of ids) expect((await shownEvent(store, id))?.cut?.contents).toBe('erased');
  });

  it.each(['DELETE ON attempts', 'DELETE ON deliveries', 'DELETE ON events', 'INSERT ON index_forgotten'])(
    'of an account at %s too',
    async (what) => {
      const accountId = unique('acc');
      const id = await ended(accountId, uniqueNumber());
      const of = accountDeletion(accountId);
      await store.erasures.create(of);
      const events = await findAll(store, of);
      await whileRefused(what, () => store.erasures.deleteEvents(of, events));
      expect((await shownEvent(store, id))?.accountId).toBe(accountId);
      expect(await store.erasures.deleteEvents(of, events)).toBe(1);
      expect(await shownEvent(store, id)).toBeUndefined();
      expect(await countsOf(of.id)).toEqual({ events: 1, deliveries: 1, attempts: 1 });
    },
  );

  it('in what is no event leaves the desk to others, and is done by the next try', async () => {
    const [accountId, mobileNumber] = [unique('acc'), uniqueNumber()];
    await store.directory.createAccount({ id: accountId, name: 'Acme', createdAt: 0 });
    const kept = { fingerprint: 'f', status: 201, body: `{"to":"${mobileNumber}"}`, at: 0 };
    await store.directory.keptAnswers.keep({ ...kept, scope: accountId, key: 'k', location: null });
    const of = erasure({ mobileNumber });
    await store.erasures.create(of);
    const rest = async (): Promise<void> => {
      let from = await store.erasures.eraseRest(of, null);
      while (from !== null) from = await store.erasures.eraseRest(of, from);
    };
    await whileRefused('UPDATE ON kept_answers', async () => {
      await rest().finally(() => store.erasures.save({ ...of, state: 'running' }));
    });
    expect(await countsOf(of.id)).toEqual({});
    await rest();
    expect(await countsOf(of.id)).toEqual({ keptAnswers: 1 });
    expect((await store.directory.keptAnswers.find(accountId, 'k', 0))?.body ?? null).toBeNull();
  });
});
