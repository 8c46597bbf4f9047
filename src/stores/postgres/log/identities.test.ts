import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { eventIdentity } from '../../../core/event-identity.ts';
import { parseSequenceId } from '../../../core/ids.ts';
import { attemptOf, delivered, newEvent, retryAt, unique } from '../../conformance/samples.ts';
import { type DeliveryLog, type NewEvent, nothingHeld } from '../../ports/delivery-log.ts';
import { createPostgresHistory } from '../history/history.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';
import { identityHash } from './new-event.ts';

const databases = createTestDatabases();
let client: pg.Client;
let log: DeliveryLog;

beforeAll(async () => {
  const url = await databases.laidOut('identities');
  client = new pg.Client(url);
  await client.connect();
  ({ log } = await openLog({ url, clock: systemClock }));
});
afterAll(async () => {
  await log.close();
  await client.end();
  await databases.remove();
});

const hashOf = ({ event, ownId }: NewEvent): number => identityHash(eventIdentity(event, ownId), 0);

describe('the identities of events', () => {
  it.each([
    ['without ids of their own', () => null],
    ['with ids of their own', () => unique('own')],
  ])('keep two events apart that have one hash, %s, and each is found again', async (_, ownId) => {
    const [one, other] = [newEvent([], {}, ownId()), newEvent([], {}, ownId())];
    const [first] = await log.append([one]);
    await client.query('update event_identities set identity = $1 where identity = $2', [
      hashOf(other),
      hashOf(one),
    ]);
    const [second, again] = await log.append([other, other]);
    expect(second).toMatchObject({ result: 'accepted' });
    expect(second?.eventId).not.toBe(first?.eventId);
    expect(again).toEqual({ ...second, result: 'duplicate' });
    expect(await log.append([other])).toEqual([{ ...second, result: 'duplicate' }]);
  });

  it('are free again when the event is gone', async () => {
    const event = newEvent([], {}, unique('own'));
    await log.append([event]);
    await client.query('delete from events where own_id = $1', [event.ownId]);
    expect(await log.append([event, event])).toMatchObject([{ result: 'accepted' }, { result: 'duplicate' }]);
  });

  it('keep the order of a call of which one event takes the place of a former one', async () => {
    const [accountId, webhookId] = [unique('acc'), unique('wh')];
    const [a, b, c] = [1, 2, 3].map(() => newEvent([webhookId], { accountId }));
    if (!a || !b || !c) throw new Error('none');
    const [old] = await log.append([b]);
    await client.query('delete from events where seq = $1', [parseSequenceId('evt', old?.eventId ?? '')]);
    await client.query('delete from waiting where webhook = $1', [webhookId]);
    const told: string[] = [];
    log.onAccepted((deliveries) => told.push(...deliveries.map(({ event }) => event.messageId)));
    expect((await log.append([a, b, c])).map(({ result }) => result)).toEqual(Array(3).fill('accepted'));
    const stored = await log.loadPending(webhookId, nothingHeld, 10);
    // It comes behind those that were new, in what lanes are told as in the store.
    expect(stored.map(({ event }) => event.messageId)).toEqual([a, c, b].map(({ event }) => event.messageId));
    expect(told).toEqual(stored.map(({ event }) => event.messageId));
  });
});

describe('U+0000, which no text in PostgreSQL can have', () => {
  it('fails nobody where it is in an id, and the event is found again', async () => {
    const event = newEvent([], {}, `${unique('own')}\0\0`);
    const beside = newEvent([]);
    const results = await log.append([event, beside, event]);
    expect(results.map(({ result }) => result)).toEqual(['accepted', 'accepted', 'duplicate']);
    expect(await log.append([event])).toMatchObject([{ result: 'duplicate' }]);
  });

  it('is kept where it is in what an event says, and in what an endpoint answered', async () => {
    const webhookId = unique('wh');
    const message = '{"text":"a\\u0000b"}';
    await log.append([newEvent([webhookId], { profileName: 'a\0b', message: JSON.parse(message) })]);
    const [delivery] = await log.loadPending(webhookId, nothingHeld, 10);
    expect(delivery?.event).toMatchObject({ profileName: 'a\0b', message });
    if (!delivery) throw new Error('nothing queued');
    const said = { responseBody: 'a\0b', errorDetail: 'c\0d' };
    await new Promise<void>((resolve) => log.record(attemptOf(delivery, retryAt(1), said), resolve));
    await new Promise<void>((resolve) =>
      log.record(attemptOf({ ...delivery, attempts: 1 }, delivered, said), resolve),
    );
    const pool = createPool({ url: await databases.laidOut('identities'), most: 1 });
    const history = createPostgresHistory({
      ...{ questions: createQuestions(pool), clock: systemClock },
      numberKey: new Uint8Array(32),
    });
    const shown = await history.getDelivery(delivery.id);
    await pool.end();
    const kept = { responseBody: 'a\0b', errorDetail: 'c\ufffdd' };
    expect(shown?.attemptLog).toMatchObject([kept, kept]);
  });
});
