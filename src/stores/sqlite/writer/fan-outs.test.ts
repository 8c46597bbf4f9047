import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { newEvent, unique } from '../../conformance/samples.ts';
import { type AppendResult, type NewEvent, nothingHeld } from '../../ports/delivery-log.ts';
import { createPlaces } from '../testing/places.ts';
import { mostInPart } from './fan-outs.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('an event for very many webhooks', () => {
  let place: string;
  let clock: ManualClock;
  let store: OpenStore;
  let db: DatabaseSync;

  beforeEach(async () => {
    place = unique('place');
    clock = createManualClock();
    store = await places.open(place, clock);
    db = new DatabaseSync(join(places.dataDir(place), 'hookwire.db'), { timeout: 10_000 });
  });
  afterEach(async () => {
    await store.close();
    db.close();
  });

  const webhookIds = Array.from({ length: 3 * mostInPart + 20 }, (_, i) => `wh_${i}`);

  /** The disk takes the deliveries of all webhooks but this one's. */
  function refuse(webhookId: string): void {
    db.exec(`CREATE TRIGGER refusal BEFORE INSERT ON deliveries WHEN NEW.webhook = '${webhookId}'
      BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
  }
  const recover = (): void => db.exec('DROP TRIGGER refusal');
  const stored = (): string[] =>
    db
      .prepare('SELECT webhook FROM deliveries ORDER BY seq')
      .all()
      .map(({ webhook }) => String(webhook));
  const unfinished = (): number => Number(db.prepare('SELECT count(*) AS n FROM fan_outs').get()?.n);

  async function appendUntil(webhookId: string): Promise<NewEvent> {
    const entry = newEvent(webhookIds);
    await appendRefused([entry], webhookId);
    return entry;
  }

  /** Resolves when the writer has given up for now, and the disk takes everything again. */
  async function appendRefused(call: readonly NewEvent[], webhookId: string): Promise<void> {
    refuse(webhookId);
    await expect(store.log.append(call)).rejects.toThrow('disk full');
    await expect(store.log.append([newEvent([webhookId])])).rejects.toThrow('disk full');
    recover();
  }

  async function reopen(): Promise<void> {
    await store.close();
    store = await places.open(place, clock);
  }

  it('is not there where its first part was refused', async () => {
    const entry = await appendUntil('wh_10');
    expect(stored()).toEqual([]);
    expect(await store.log.append([entry])).toMatchObject([{ result: 'accepted' }]);
    expect(stored()).toEqual(webhookIds);
    expect(unfinished()).toBe(0);
  });

  it('is completed by the next commit where a later part was refused, and told of whole', async () => {
    const told: string[] = [];
    store.log.onAccepted((deliveries) => told.push(...deliveries.map((delivery) => delivery.webhookId)));
    const entry = await appendUntil(`wh_${mostInPart + 10}`);
    expect(stored()).toEqual(webhookIds.slice(0, mostInPart));
    await store.log.append([newEvent(['wh_other'])]);
    expect(stored()).toEqual([...webhookIds, 'wh_other']);
    expect(told).toEqual([...webhookIds, 'wh_other']);
    const again = await store.log.append([entry]);
    expect(again).toMatchObject([{ result: 'duplicate', deliveries: webhookIds.length }]);
    expect(unfinished()).toBe(0);
  });

  it('refuses what comes later until it is complete: nothing overtakes it', async () => {
    const entry = newEvent(webhookIds);
    refuse(`wh_${2 * mostInPart}`);
    const later = newEvent(['wh_0']);
    const answers = await Promise.allSettled([
      store.log.append([entry]),
      store.log.append([newEvent(['wh_1'], { accountId: 'acc_other' })]),
    ]);
    expect(answers[0]?.status).toBe('rejected');
    await expect(store.log.append([later])).rejects.toThrow('disk full');
    recover();
    expect(await store.log.append([later])).toMatchObject([{ result: 'accepted' }]);
    expect(stored().filter((id) => id === 'wh_0')).toHaveLength(2);
    expect(stored().slice(0, webhookIds.length)).toEqual(webhookIds);
  });

  it('is completed by the next start, before anybody looks for what waits', async () => {
    const entry = await appendUntil(`wh_${mostInPart}`);
    await reopen();
    expect(unfinished()).toBe(0);
    const waiting = await store.log.waiting();
    expect(waiting.filter(({ pending }) => pending).map(({ webhookId }) => webhookId)).toEqual(
      webhookIds.toSorted(),
    );
    const [first] = await store.log.loadPending('wh_0', nothingHeld, 10);
    const [last] = await store.log.loadPending(webhookIds.at(-1) ?? '', nothingHeld, 10);
    expect([first?.event.messageId, last?.event.messageId]).toEqual([
      entry.event.messageId,
      entry.event.messageId,
    ]);
    const found = await store.history.getEvent(first?.event.id ?? '', null);
    expect(found?.deliveries).toHaveLength(webhookIds.length);
  });

  it('keeps its numbers: what is accepted after the start that could not complete it has others', async () => {
    await appendUntil(`wh_${mostInPart}`);
    refuse(`wh_${mostInPart}`);
    await reopen();
    expect(unfinished()).toBe(1);
    await expect(store.log.append([newEvent(['wh_later'])])).rejects.toThrow('disk full');
    recover();
    await store.log.append([newEvent(['wh_later'])]);
    expect(stored()).toEqual([...webhookIds, 'wh_later']);
  });

  it('keeps the order of a message for those who want it, in whatever part they are', async () => {
    const orderedWebhookIds = ['wh_3', `wh_${mostInPart + 3}`, `wh_${3 * mostInPart + 3}`];
    const messageId = unique('message');
    const report = (status: string): NewEvent => ({
      ...newEvent(webhookIds, { messageId, status }),
      orderedWebhookIds,
    });
    const first = report('sent');
    await appendRefused([first], `wh_${2 * mostInPart}`);
    await store.log.append([report('delivered')]);
    for (const webhookId of orderedWebhookIds) {
      const pending = await store.log.loadPending(webhookId, nothingHeld, 10);
      expect(pending.map(({ event, ordered }) => [event.status, ordered])).toEqual([['sent', true]]);
    }
    const [unordered] = [await store.log.loadPending('wh_4', nothingHeld, 10)];
    expect(unordered.map(({ event }) => event.status)).toEqual(['sent', 'delivered']);
  });

  it('counts what couriers are told of it, and not what waits for its turn, where the writer completes it', async () => {
    const orderedWebhookIds = [`wh_${2 * mostInPart}`, `wh_${2 * mostInPart + 1}`];
    const messageId = unique('message');
    const report = (status: string): NewEvent => ({
      ...newEvent(webhookIds, { messageId, status }),
      orderedWebhookIds,
    });
    await store.log.append([report('sent')]);
    await appendRefused([report('delivered')], `wh_${mostInPart}`);
    // Answers when couriers were told of as many as are counted.
    await store.log.append([newEvent(['wh_other'])]);
    expect(stored()).toEqual([...webhookIds, ...webhookIds, 'wh_other']);
  });

  it('is completed before the next event of its account where its call failed by an event of another one', async () => {
    const accountId = unique('acc');
    const theirs = Array.from({ length: 3 * mostInPart }, (_, i) => `wh_theirs_${i}`);
    const call = [newEvent(webhookIds, { accountId }), newEvent(theirs, { accountId: unique('acc') })];
    await appendRefused(call, 'wh_theirs_10');
    await store.log.append([newEvent(['wh_0'], { accountId })]);
    expect(stored()).toEqual([...webhookIds, 'wh_0']);
    expect(unfinished()).toBe(0);
  });

  it('is completed without another call as soon as the disk takes something again', async () => {
    await appendUntil(`wh_${mostInPart}`);
    clock.advance(1_000);
    while (unfinished() > 0) await setImmediate();
    expect(stored()).toEqual(webhookIds);
  });

  it('keeps the time of acceptance where the clock was set back and the start could not complete it', async () => {
    await store.log.append([newEvent(['wh_before'])]);
    clock.set(-60_000);
    const acceptedAt = clock.now();
    await appendUntil(`wh_${mostInPart}`);
    refuse(`wh_${mostInPart}`);
    await reopen();
    clock.set(10_000);
    const told: number[] = [];
    store.log.onAccepted((deliveries) => told.push(...deliveries.map((each) => each.acceptedAt)));
    recover();
    await store.log.append([newEvent(['wh_later'])]);
    expect(told).toHaveLength(webhookIds.length - mostInPart + 1);
    expect(new Set(told.slice(0, -1))).toEqual(new Set([acceptedAt]));
  });

  it('is answered once with its number where it comes twice at once', async () => {
    const entry = newEvent(webhookIds);
    const [one, two] = await Promise.all([store.log.append([entry]), store.log.append([entry])]);
    const results: AppendResult[] = [...one, ...two];
    expect(results.map(({ result }) => result).toSorted()).toEqual(['accepted', 'duplicate']);
    expect(new Set(results.map(({ eventId }) => eventId)).size).toBe(1);
    expect(stored()).toEqual(webhookIds);
  });
});
