import { describe, expect, it } from 'vitest';
import type { AppendResult, NewEvent } from '../stores/ports/delivery-log.ts';
import { testEvent } from '../testing/factories.ts';
import { createIntake, type IncomingEvent } from './accept.ts';

function incoming(...messageIds: string[]): IncomingEvent[] {
  return messageIds.map((messageId) => ({ event: testEvent({ messageId }), ownId: null }));
}

/** A log in which appends wait until they are settled by hand. */
function fakeLog() {
  const waiting: { events: readonly NewEvent[]; settle: PromiseWithResolvers<readonly AppendResult[]> }[] =
    [];
  return {
    waiting,
    get queued() {
      return waiting.reduce((sum, { events }) => sum + events.length, 0);
    },
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

const registry = { match: () => ['wh_1', 'wh_2'], ordered: () => [] };

describe('the intake', () => {
  it('stores events with the webhooks that get them, and answers as the store does', async () => {
    const log = fakeLog();
    const answer = createIntake({ log, registry, maxQueued: 10 }).accept(incoming('m1', 'm2'));
    expect(log.waiting[0]?.events.map(({ event, webhookIds }) => [event.messageId, webhookIds])).toEqual([
      ['m1', ['wh_1', 'wh_2']],
      ['m2', ['wh_1', 'wh_2']],
    ]);
    log.commit();
    expect((await answer).map(({ eventId }) => eventId)).toEqual(['m1', 'm2']);
  });

  it('says overload with a time to come back when too much waits, and takes more once that is on disk', async () => {
    const log = fakeLog();
    const intake = createIntake({ log, registry, maxQueued: 3 });
    const first = intake.accept(incoming('m1', 'm2'));
    await expect(intake.accept(incoming('m3', 'm4'))).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterSeconds: 1,
      message: expect.stringContaining('Nothing of this call was accepted'),
    });
    const fits = intake.accept(incoming('m5'));
    expect(log.queued).toBe(3);
    log.commit();
    await Promise.all([first, fits]);
    void intake.accept(incoming('m3', 'm4'));
    expect(log.queued).toBe(2);
  });

  it('takes a call that is larger than the limit when nothing waits', () => {
    const log = fakeLog();
    void createIntake({ log, registry, maxQueued: 1 }).accept(incoming('m1', 'm2', 'm3'));
    expect(log.queued).toBe(3);
  });

  it('says that nothing was accepted when the store could not write, and keeps the cause', async () => {
    const log = fakeLog();
    const answer = createIntake({ log, registry, maxQueued: 10 }).accept(incoming('m1'));
    const cause = new Error('disk full');
    log.waiting[0]?.settle.reject(cause);
    await expect(answer).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 5, cause });
  });

  it('refuses everything once it stops, and finishes what it took', async () => {
    const log = fakeLog();
    const intake = createIntake({ log, registry, maxQueued: 10 });
    const taken = intake.accept(incoming('m1'));
    intake.stop();
    await expect(intake.accept(incoming('m2'))).rejects.toMatchObject({
      code: 'stopping',
      retryAfterSeconds: 5,
    });
    log.commit();
    expect(await taken).toHaveLength(1);
  });
});
