import { describe, expect, it } from 'vitest';
import { HookwireError } from '../core/errors.ts';
import type { AppendResult, IncomingEvent, NewEvent } from '../stores/ports/delivery-log.ts';
import { testEvent } from '../testing/factories.ts';
import { createIntake } from './accept.ts';
import type { Admission } from './admission.ts';
import { createIntakeRoom } from './room.ts';

function incoming(...messageIds: string[]): IncomingEvent[] {
  return messageIds.map((messageId) => ({ event: testEvent({ messageId }), ownId: null }));
}

/** A log in which appends wait until they are settled by hand. */
function fakeLog() {
  const waiting: { events: readonly NewEvent[]; settle: PromiseWithResolvers<readonly AppendResult[]> }[] =
    [];
  return {
    waiting,
    append(events: readonly NewEvent[]) {
      const settle = Promise.withResolvers<readonly AppendResult[]>();
      waiting.push({ events, settle });
      return settle.promise;
    },
    commit() {
      for (const { events, settle } of waiting.splice(0)) {
        settle.resolve(
          events.map(({ event }) => ({ result: 'accepted', eventId: event.messageId, deliveries: 1 })),
        );
      }
    },
  };
}

type Admitting = Pick<Admission, 'admit' | 'admitAlways' | 'refusal'>;
const always = () => ({ stored() {}, refused() {} });
const admission: Admitting = { admit: always, admitAlways: always, refusal: () => null };
const registry = { route: () => ({ webhookIds: ['wh_1', 'wh_2'], orderedWebhookIds: [] }) };
const roomy = () => createIntakeRoom({ deliveries: 1_000, characters: 1e6 });

describe('the intake', () => {
  it('stores events with the webhooks that get them, and answers as the store does', async () => {
    const log = fakeLog();
    const answer = createIntake({ deliveryLog: log, registry, admission, room: roomy() }).accept(
      incoming('m1', 'm2'),
    );
    expect(log.waiting[0]?.events.map(({ event, webhookIds }) => [event.messageId, webhookIds])).toEqual([
      ['m1', ['wh_1', 'wh_2']],
      ['m2', ['wh_1', 'wh_2']],
    ]);
    log.commit();
    expect((await answer).map((item) => 'eventId' in item && item.eventId)).toEqual(['m1', 'm2']);
  });

  it('says overload with a time to come back when too much waits, and takes more once that is on disk', async () => {
    const log = fakeLog();
    const room = createIntakeRoom({ deliveries: 16, characters: 1e6 });
    const intake = createIntake({ deliveryLog: log, registry, admission, room });
    // Two events for two webhooks are the four deliveries that one account may have waiting.
    const first = intake.accept(incoming('m1', 'm2'));
    expect(await intake.accept(incoming('m3'))).toMatchObject([
      {
        result: 'refused',
        error: {
          code: 'overloaded',
          retryAfterSeconds: 1,
          message:
            'Of one account 4 deliveries may wait to be written, and so many do. Nothing of this was accepted; send it again.',
        },
      },
    ]);
    expect(log.waiting).toHaveLength(1);
    log.commit();
    await first;
    void intake.accept(incoming('m3'));
    expect(log.waiting).toHaveLength(1);
  });

  it('counts what may be large in an event by its text', () => {
    const log = fakeLog();
    const room = createIntakeRoom({ deliveries: 16, characters: 1e6 });
    const events = [{}, { attributes: '{"a":1}', message: '{ }' }].map((parts) => ({
      event: testEvent(parts),
      ownId: null,
    }));
    void createIntake({ deliveryLog: log, registry, admission, room }).accept(events);
    expect(log.waiting[0]?.events.map(({ size }) => size)).toEqual([500, 510]);
  });

  it('takes a call of any size on an empty queue', () => {
    const log = fakeLog();
    const room = createIntakeRoom({ deliveries: 1, characters: 1 });
    void createIntake({ deliveryLog: log, registry, admission, room }).accept(incoming('m1', 'm2', 'm3'));
    expect(log.waiting).toHaveLength(1);
  });

  it('holds up no other account, in one call with it neither', async () => {
    const log = fakeLog();
    const room = createIntakeRoom({ deliveries: 16, characters: 1e6 });
    const intake = createIntake({ deliveryLog: log, registry, admission, room });
    void intake.accept(incoming('m1', 'm2'));
    const other = { event: testEvent({ accountId: 'acc_other', messageId: 'm4' }), ownId: null };
    const mixed = intake.accept([...incoming('m3'), other]);
    expect(log.waiting[1]?.events.map(({ event }) => event.messageId)).toEqual(['m4']);
    log.commit();
    expect(await mixed).toMatchObject([{ result: 'refused' }, { result: 'accepted' }]);
  });

  it('counts the characters of what waits, and gives them back however the call ends', async () => {
    const log = fakeLog();
    const room = createIntakeRoom({ deliveries: 1_000, characters: 40_000 });
    const message = { text: 'x'.repeat(10_000) };
    const large = { event: testEvent({ messageId: 'large', message }), ownId: null };
    const refusing = { ...admission, admit: () => new HookwireError('slow_down', 'too many') };
    await createIntake({ deliveryLog: log, registry, admission: refusing, room }).accept([large]);
    const intake = createIntake({ deliveryLog: log, registry, admission, room });
    for (const end of ['commit', 'fail'] as const) {
      const taken = intake.accept([large]);
      expect(await intake.accept(incoming('m2'))).toMatchObject([
        { error: { message: expect.stringMatching(/^Of one account events of 1 MiB may wait/) } },
      ]);
      if (end === 'commit') log.commit();
      else log.waiting.splice(0)[0]?.settle.reject(new Error('disk full'));
      await taken.catch(() => {});
    }
    void intake.accept(incoming('m2'));
    expect(log.waiting).toHaveLength(1);
  });

  it('says that nothing was accepted when the store could not write, and keeps the cause', async () => {
    const log = fakeLog();
    const answer = createIntake({ deliveryLog: log, registry, admission, room: roomy() }).accept(
      incoming('m1'),
    );
    const cause = new Error('disk full');
    log.waiting[0]?.settle.reject(cause);
    await expect(answer).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 5, cause });
  });

  it('refuses everything once it stops, and finishes what it took', async () => {
    const log = fakeLog();
    const intake = createIntake({ deliveryLog: log, registry, admission, room: roomy() });
    const taken = intake.accept(incoming('m1'));
    intake.stop();
    await expect(intake.accept(incoming('m2'))).rejects.toMatchObject({
      code: 'stopping',
      retryAfterSeconds: 5,
    });
    log.commit();
    expect(await taken).toHaveLength(1);
  });

  it('takes what the gateway itself tells of without a limit, and while it stops', async () => {
    const log = fakeLog();
    const refusing = { ...admission, admit: () => new HookwireError('slow_down', 'too many') };
    const intake = createIntake({ deliveryLog: log, registry, admission: refusing, room: roomy() });
    intake.stop();
    const taken = intake.acceptOwn(incoming('m1'));
    log.commit();
    expect(await taken).toMatchObject([{ result: 'accepted', eventId: 'm1' }]);
  });

  it('says before it reads anything that an account is at a limit, or that there is no room for it', async () => {
    const full = new HookwireError('slow_down', 'too many');
    const limited = { ...admission, refusal: (accountId: string) => (accountId === 'full' ? full : null) };
    const room = createIntakeRoom({ deliveries: 16, characters: 1e6 });
    const intake = createIntake({ deliveryLog: fakeLog(), registry, admission: limited, room });
    const { accountId } = testEvent({});
    expect([intake.refusal('full'), intake.refusal(accountId)]).toEqual([full, null]);
    // Two events for two webhooks are the four deliveries that one account may have waiting.
    void intake.accept(incoming('m1', 'm2'));
    expect(intake.refusal(accountId)).toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
  });

  it('refuses all events of an account that is at a limit, and takes those of others, in the order given', async () => {
    const log = fakeLog();
    const told: string[] = [];
    const full = new HookwireError('slow_down', 'too many');
    const some: Admitting = {
      ...admission,
      admit(accountId, events, deliveries) {
        told.push(`${accountId} asks for ${events} and ${deliveries}`);
        if (accountId === 'full') return full;
        return {
          stored: (made) => void told.push(`${accountId} stored ${made}`),
          refused: () => void told.push(`${accountId} refused`),
        };
      },
    };
    const intake = createIntake({ deliveryLog: log, registry, admission: some, room: roomy() });
    const of = (accountId: string, messageId: string): IncomingEvent => ({
      event: testEvent({ accountId, messageId }),
      ownId: null,
    });
    const answer = intake.accept([
      of('a', 'm1'),
      of('full', 'm2'),
      of('b', 'm3'),
      of('full', 'm4'),
      of('a', 'm5'),
    ]);
    expect(log.waiting[0]?.events.map(({ event }) => event.messageId)).toEqual(['m1', 'm3', 'm5']);
    log.commit();
    expect((await answer).map((item) => (item.result === 'refused' ? item.error : item.eventId))).toEqual([
      'm1',
      full,
      'm3',
      full,
      'm5',
    ]);
    expect(told).toEqual([
      'a asks for 2 and 4',
      'full asks for 2 and 4',
      'b asks for 1 and 2',
      'a stored 2',
      'b stored 1',
    ]);
    expect(await intake.accept([of('full', 'm6')])).toEqual([{ result: 'refused', error: full }]);
    expect(log.waiting).toHaveLength(0);
    const failed = intake.accept([of('b', 'm7')]);
    log.waiting[0]?.settle.reject(new Error('disk full'));
    await expect(failed).rejects.toMatchObject({ code: 'overloaded' });
    expect(told.at(-1)).toBe('b refused');
  });
});
