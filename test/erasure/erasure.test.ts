import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { searchTerm } from '../../src/stores/search/terms.ts';
import { findByTerms } from '../../src/stores/sqlite/search/find.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createManualClock } from '../../src/testing/manual-clock.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { grepFiles } from './grep-files.ts';

const number = '919812345678';
const other = '14155550123';

interface ShownTask {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly skipped: number;
  readonly receipt: {
    readonly counts: Readonly<Record<string, number>>;
    readonly askedBy: { readonly name: string };
  } | null;
}

function dlr(accountId: string, mobileNumber: string, parts: object = {}) {
  const messageId = `m-${Math.random()}`;
  return {
    accountId,
    product: 'sms',
    reportType: 'dlr',
    messageId,
    status: 'delivered',
    mobileNumber,
    ...parts,
  };
}

async function task(gateway: GatewayFixture, id: string): Promise<ShownTask> {
  return (await gateway.api<ShownTask>('GET', `/v1/tasks/${id}`)).body;
}

async function ended(gateway: GatewayFixture, id: string): Promise<ShownTask> {
  return eventually(
    () => task(gateway, id),
    ({ state }) => state === 'done',
  );
}

async function erase(gateway: GatewayFixture, body: object): Promise<string> {
  const answer = await gateway.api<{ taskId: string }>('POST', '/v1/erasures', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  expect(answer.headers.location).toBe(`/v1/tasks/${answer.body.taskId}`);
  return answer.body.taskId;
}

describe('a person who is erased', () => {
  it('is in no file of the data directory any more, in no encoding', async () => {
    const echo = `got ${number} and ${Buffer.from(`a${number}`).toString('base64')}`;
    await using receiver = await createReceiver([{ status: 200, body: echo }]);
    await using gateway = await openGateway();
    const accountId = await gateway.createAccount();
    const webhook = await gateway.createWebhook(accountId, { url: `${receiver.url}/dlr` });
    const encodings = {
      hex: Buffer.from(number).toString('hex'),
      percent: [...number].map((digit) => `%3${digit}`).join(''),
      base64: [0, 1, 2].map((moved) => Buffer.from('x'.repeat(moved) + number).toString('base64')),
      spelled: '+91 (98123) 45-678',
    };
    const theirs = Array.from({ length: 60 }, (_, i) =>
      dlr(accountId, number, { id: i % 7 === 0 ? `own-${number}-${i}` : undefined, attributes: encodings }),
    );
    const others = Array.from({ length: 60 }, (_, i) =>
      dlr(accountId, other, {
        attributes: i % 3 === 0 ? { ...encodings, note: 'stays' } : { note: 'stays' },
      }),
    );
    const accepted = await gateway.accept([...theirs, ...others]);
    await gateway.idle();
    const replay = { accountId, mobileNumber: number, state: 'delivered', from: '2026-01-01T00:00:00.000Z' };
    expect((await gateway.api('POST', '/v1/deliveries/replay', replay)).status).toBe(202);
    await eventually(
      async () => (await gateway.api<{ data: ShownTask[] }>('GET', '/v1/tasks')).body.data,
      ([replayed]) => replayed?.state === 'done',
    );
    await gateway.idle();
    expect(grepFiles(gateway.dataDir, number)).not.toEqual([]);

    const taskId = await erase(gateway, { mobileNumber: encodings.spelled, accountId, waiting: 'drop' });
    const { receipt, done } = await ended(gateway, taskId);
    expect(grepFiles(gateway.dataDir, number)).toEqual([]);
    expect(done).toBe(60);
    expect(receipt?.counts).toMatchObject({
      ...{ events: 60, deliveries: 60, attempts: 120, mentions: 20, answers: 60, tasks: 1 },
    });
    expect(JSON.stringify(receipt)).not.toContain('5678');

    const eventOf = async (i: number) =>
      (await gateway.api('GET', `/v1/events/${accepted.events[i]?.id}`)).body;
    expect(await eventOf(1)).toMatchObject({ contents: 'erased', mobileNumber: null, status: 'delivered' });
    expect(await eventOf(60)).toMatchObject({ contents: 'kept', mobileNumber: other });
    expect(JSON.stringify(await eventOf(60))).toContain('stays');
    const search = `/v1/events?accountId=${accountId}&mobileNumber=${number}`;
    const found = await gateway.api<{ data: unknown[] }>('GET', search);
    expect(found.body.data).toEqual([]);
    const audit = await gateway.api('GET', `/v1/audit?accountId=${accountId}`);
    expect(JSON.stringify(audit.body)).toContain('erasure.created');
    expect(JSON.stringify(audit.body)).not.toContain('5678');

    // Nor by what is no number: hashes in the index.
    const database = new DatabaseSync(join(gateway.dataDir, 'hookwire.db'), { readOnly: true });
    const indexed = (messageId: string) => {
      const span = { from: 0, before: Number.MAX_SAFE_INTEGER };
      return [...findByTerms(database, [searchTerm('message', messageId)], span)].filter(
        (seq) => seq !== null,
      );
    };
    expect(theirs.flatMap(({ messageId }) => indexed(messageId))).toEqual([]);
    expect(others.map(({ messageId }) => indexed(messageId).length)).toEqual(others.map(() => 1));
    expect(database.prepare('SELECT count(*) AS n FROM index_forgotten').get()).toEqual({ n: 0 });
    database.close();

    // What comes later is not affected, and what was erased is not sent again.
    const later = await gateway.accept([dlr(accountId, number)]);
    expect(await gateway.deliveryOf(later.events[0]?.id)).toMatchObject({ webhookId: webhook.id });
    const [erased] = ((await eventOf(1)) as { deliveries: { id: string }[] }).deliveries;
    expect((await gateway.api('POST', `/v1/deliveries/${erased?.id}/replay`)).status).toBe(409);
  });

  it('of one account stays in others, and an operator erases them in all', async () => {
    await using gateway = await openGateway();
    const [mine, theirs] = [await gateway.createAccount(), await gateway.createAccount()];
    const key = await gateway.createKey(mine, ['admin']);
    const { events } = await gateway.accept([dlr(mine, number), dlr(theirs, number)]);
    const numberOf = async (i: number) =>
      (await gateway.api<{ mobileNumber: string | null }>('GET', `/v1/events/${events[i]?.id}`)).body
        .mobileNumber;
    const answer = await gateway.api<{ taskId: string }>(
      'POST',
      '/v1/erasures',
      { mobileNumber: number },
      key,
    );
    await ended(gateway, answer.body.taskId);
    expect([await numberOf(0), await numberOf(1)]).toEqual([null, number]);
    const foreign = { mobileNumber: number, accountId: theirs };
    expect((await gateway.api('POST', '/v1/erasures', foreign, key)).status).toBe(404);
    const ofAll = await erase(gateway, { mobileNumber: number });
    expect((await gateway.api('GET', `/v1/tasks/${ofAll}`, undefined, key)).status).toBe(404);
    await ended(gateway, ofAll);
    expect(await numberOf(1)).toBeNull();
    expect(grepFiles(gateway.dataDir, number)).toEqual([]);
    const own = await gateway.api<{ data: { id: string }[] }>('GET', '/v1/erasures', undefined, key);
    expect(own.body.data.map(({ id }) => id)).toEqual([answer.body.taskId]);
    expect((await gateway.api<{ data: unknown[] }>('GET', '/v1/erasures')).body.data).toHaveLength(2);
  });

  it('has deliveries that wait dropped, or delivered first, as asked', async () => {
    await using receiver = await createReceiver([{ status: 503 }]);
    await using gateway = await openGateway();
    const accountId = await gateway.createAccount();
    await gateway.createWebhook(accountId, { url: `${receiver.url}/dlr`, settings: { ordered: true } });
    const { events } = await gateway.accept([
      dlr(accountId, number, { messageId: 'one', status: 'sent' }),
      dlr(accountId, number, { messageId: 'one' }),
      dlr(accountId, other),
    ]);
    await eventually(
      () => gateway.deliveryOf(events[0]?.id),
      ({ attemptCount }) => attemptCount > 0,
    );
    const first = await erase(gateway, { mobileNumber: number, accountId });
    await eventually(
      () => task(gateway, first),
      ({ state }) => state === 'waiting',
    );
    expect(grepFiles(gateway.dataDir, number)).not.toEqual([]);
    const second = await erase(gateway, { mobileNumber: number, accountId, waiting: 'drop' });
    expect(await ended(gateway, second)).toMatchObject({ done: 2, skipped: 2 });
    for (const event of events.slice(0, 2)) {
      expect(await gateway.deliveryOf(event.id)).toMatchObject({ state: 'skipped', stateReason: 'erased' });
    }
    expect((await gateway.deliveryOf(events[2]?.id)).state).toBe('retrying');
    expect(grepFiles(gateway.dataDir, number)).toEqual([]);
  });

  it.each([
    ['', 0],
    [', also where the clock is set back', -30 * 86_400_000],
  ])('is in nothing that was answered or reported while their events waited either%s', async (_, setBy) => {
    const clock = createManualClock();
    const theirClock = createManualClock();
    await using receiver = await createReceiver({
      clock: theirClock,
      script: ({ body }) => ({ status: 503, body: `cannot take ${body}`, delayMs: 5_000 }),
    });
    await using alerted = await createReceiver([200]);
    await using gateway = await openGateway({ clock });
    const accountId = await gateway.createAccount();
    const settings = { batch: { maxItems: 2, maxWaitMs: 1_000 }, retry: { maxAttempts: 1 } };
    await gateway.createWebhook(accountId, { url: `${receiver.url}/dlr`, settings });
    const operations = { product: 'hookwire', reportType: 'operations', parameterNames: undefined };
    await gateway.createWebhook(accountId, { url: `${alerted.url}/alerts`, ...operations });
    const { events } = await gateway.accept([
      dlr(accountId, other),
      dlr(accountId, number, { messageId: `m-${number}` }),
    ]);
    await receiver.next();
    const taskId = await erase(gateway, { mobileNumber: number, accountId });
    await eventually(
      () => task(gateway, taskId),
      ({ state }) => state === 'waiting',
    );
    // The other event was looked at by now; one answer is that to both.
    theirClock.advance(5_000);
    await alerted.take(2);
    await gateway.idle();
    expect(JSON.stringify(alerted.requests.map(({ body }) => String(body)))).toContain(number);
    clock.set(setBy);
    clock.advance(60_000);
    const { receipt } = await ended(gateway, taskId);
    expect(receipt?.counts).toMatchObject({ events: 1, attempts: 1, answers: 1, mentions: 1 });
    expect(grepFiles(gateway.dataDir, number)).toEqual([]);
    const kept = await gateway.deliveryOf(events[0]?.id);
    expect(kept.attempts[0]?.responseBody).toMatch(/^cannot take .*•/);
  });

  it.each([
    [{}, 'mobileNumber'],
    [{ mobileNumber: '09812345678' }, 'mobileNumber'],
    [{ mobileNumber: '5678' }, 'mobileNumber'],
    [{ mobileNumber: number, userId: 'US.1' }, 'userId'],
    [{ mobileNumber: number, waiting: 'never' }, 'waiting'],
  ])('cannot be asked for by %j', async (body, path) => {
    await using gateway = await openGateway();
    expect((await gateway.api('POST', '/v1/erasures', body)).body).toMatchObject({
      status: 422,
      errors: [{ path }],
    });
  });
});

describe('an account that is deleted', () => {
  it('is seen by nobody from that moment on, and leaves nothing but what tells of it', async () => {
    await using receiver = await createReceiver([{ status: 200, body: 'thanks' }]);
    await using gateway = await openGateway();
    const [gone, stays] = [await gateway.createAccount(), await gateway.createAccount()];
    for (const accountId of [gone, stays]) {
      await gateway.createWebhook(accountId, { url: `${receiver.url}/dlr` });
      await gateway.createKey(accountId);
    }
    const events = Array.from({ length: 50 }, (_, i) => [
      dlr(gone, number),
      dlr(stays, `1415555${1000 + i}`),
    ]);
    const { events: accepted } = await gateway.accept(events.flat());
    await gateway.idle();
    const deliveryId = (await gateway.deliveryOf(accepted[0]?.id)).id;

    const deleted = await gateway.api<{ taskId: string }>('DELETE', `/v1/accounts/${gone}`);
    expect(deleted.status).toBe(202);
    const shown = async (path: string) => JSON.stringify((await gateway.api('GET', path)).body);
    expect((await gateway.api('GET', `/v1/deliveries/${deliveryId}`)).status).toBe(404);
    expect((await gateway.api('GET', `/v1/events/${accepted[0]?.id}`)).status).toBe(404);
    for (const path of [
      '/v1/deliveries?limit=500',
      `/v1/events?mobileNumber=${number}`,
      '/v1/deliveries.csv',
    ]) {
      const answer = await shown(path);
      expect(answer).not.toContain(number);
      expect(answer).not.toContain(deliveryId);
    }
    const again = await gateway.api<{ detail: string }>('POST', '/v1/accounts', { id: gone, name: 'Again' });
    if (again.status === 409) expect(again.body.detail).toContain(deleted.body.taskId);
    const { receipt } = await ended(gateway, deleted.body.taskId);
    expect(receipt?.counts).toMatchObject({ events: 50, deliveries: 50, attempts: 50, webhooks: 1 });
    expect(grepFiles(gateway.dataDir, number)).toEqual([]);
    expect(await shown(`/v1/audit?target=${gone}`)).toContain('account.deleted');
    if (again.status === 409) {
      expect((await gateway.api('POST', '/v1/accounts', { id: gone, name: 'Again' })).status).toBe(201);
    }
    expect(await shown(`/v1/audit?accountId=${gone}`)).not.toContain('account.deleted');
    expect(
      (await gateway.api<{ data: unknown[] }>('GET', `/v1/deliveries?accountId=${stays}&limit=500`)).body
        .data,
    ).toHaveLength(50);
    expect(
      (await gateway.api<{ data: unknown[] }>('GET', `/v1/deliveries?accountId=${gone}`)).body.data,
    ).toEqual([]);
  });
});
