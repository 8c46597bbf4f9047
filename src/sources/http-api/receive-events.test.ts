import { describe, expect, it } from 'vitest';
import { HookwireError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Intake } from '../../intake/accept.ts';
import type { IncomingEvent } from '../../stores/ports/delivery-log.ts';
import { createEventReceiver, type ReceiveObserver } from './receive-events.ts';

const dlr = { product: 'sms', reportType: 'dlr', status: 'delivered' };
const everything = {
  hasAccount: () => true,
  isUnmatched: () => false,
  clock: { now: () => 7 },
  observers: [],
};

type Taking = Pick<Intake, 'accept' | 'refusal'>;

/** Takes every event; an id that it has seen is a duplicate. */
function fakeIntake() {
  const seen = new Set<string>();
  const calls: (readonly IncomingEvent[])[] = [];
  const intake: Taking = {
    async accept(events) {
      calls.push(events);
      return events.map(({ event, ownId }) => {
        const eventId = ownId ?? `evt_${event.messageId}`;
        const result = seen.has(eventId) ? 'duplicate' : 'accepted';
        seen.add(eventId);
        return { result, eventId, deliveries: 2 };
      });
    },
    refusal: () => null,
  };
  return { intake, calls };
}

describe('receiving events', () => {
  it('answers item by item in the order given, whatever is between', async () => {
    const { intake, calls } = fakeIntake();
    const { receive } = createEventReceiver({ intake, ...everything });
    const answer = await receive(
      [
        { ...dlr, messageId: 'm1', id: 'a' },
        { ...dlr, id: 'bad' },
        { ...dlr, messageId: 'm2' },
        'nonsense',
        { ...dlr, messageId: 'm1', id: 'a' },
        { ...dlr, messageId: 'm3', id: 7 },
      ],
      { accountId: 'acc_1' },
    );
    const errors = [{ path: expect.any(String), message: expect.any(String) }];
    expect(answer).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: 3,
      events: [
        { id: 'a', result: 'accepted', deliveries: 2 },
        { id: 'bad', result: 'rejected', deliveries: 0, errors },
        { id: 'evt_m2', result: 'accepted', deliveries: 2 },
        { id: null, result: 'rejected', deliveries: 0, errors },
        { id: 'a', result: 'duplicate', deliveries: 2 },
        { id: null, result: 'rejected', deliveries: 0, errors },
      ],
    });
    expect(calls.map((events) => events.map(({ event }) => event.messageId))).toEqual([['m1', 'm2', 'm1']]);
  });

  describe('of an account that is at a limit', () => {
    const at = (seconds: number) =>
      new HookwireError('slow_down', 'too many', {
        limit: { name: 'eventsPerSecond', value: 10 },
        retryAfterSeconds: seconds,
      });
    const receiveWith = (refused: Record<string, HookwireError>) => {
      const intake: Taking = {
        accept: async (events) =>
          events.map(({ event, ownId }) => {
            const error = refused[event.accountId];
            return error
              ? { result: 'refused', error }
              : { result: 'accepted', eventId: ownId ?? 'evt_1', deliveries: 1 };
          }),
        refusal: () => null,
      };
      return createEventReceiver({ intake, ...everything }).receive;
    };
    const of = (accountId: string, id: string) => ({ ...dlr, accountId, messageId: id, id });

    it('rejects its events with the code, the limit and the time, and takes the others', async () => {
      const answer = await receiveWith({ full: at(3) })([of('a', '1'), of('full', '2'), of('a', '3')], {
        accountId: null,
      });
      expect(answer).toMatchObject({ accepted: 2, duplicates: 0, rejected: 1 });
      expect(answer.events[1]).toEqual({
        id: '2',
        result: 'rejected',
        deliveries: 0,
        errors: [{ path: 'accountId', message: expect.stringContaining('eventsPerSecond of 10') }],
        code: 'slow_down',
        limit: { name: 'eventsPerSecond', value: 10 },
        retryAfterSeconds: 3,
      });
    });

    it('refuses a call of which nothing was taken with the longest of the times, bad events or not', async () => {
      const receive = receiveWith({ full: at(3), fuller: at(7), less: at(5) });
      const items = [of('full', '1'), of('fuller', '2'), of('less', '3'), { nonsense: true }];
      await expect(receive(items, { accountId: null })).rejects.toMatchObject({
        code: 'slow_down',
        retryAfterSeconds: 7,
      });
    });
  });

  it("says of what was taken whose number is nobody's sender", async () => {
    const isUnmatched = ({ productUniqueId }: Event) => productUniqueId === '919999999998';
    const { receive } = createEventReceiver({ ...everything, intake: fakeIntake().intake, isUnmatched });
    const of = (productUniqueId: string) => ({
      ...{ ...dlr, product: 'whatsapp', messageId: 'm1', id: 'mine', productUniqueId },
    });
    const items = [
      of('+91 99999-99998'),
      of('919999999998'),
      of('919999999999'),
      { ...of('919999999998'), part: 0 },
    ];
    const { events } = await receive(items, { accountId: 'acc_1' });
    expect(events.map(({ result, unmatched }) => [result, unmatched])).toEqual([
      ['accepted', 'sender'],
      ['duplicate', 'sender'],
      ['duplicate', undefined],
      ['rejected', undefined],
    ]);
  });

  it('knows the accounts that an operator may name', async () => {
    const { receive } = createEventReceiver({
      ...{ ...everything, intake: fakeIntake().intake },
      hasAccount: (id) => id === 'acc_1',
    });
    const items = ['acc_1', 'acc_2'].map((accountId) => ({ ...dlr, messageId: 'm1', accountId }));
    expect((await receive(items, { accountId: null })).events.map(({ result }) => result)).toEqual([
      'accepted',
      'rejected',
    ]);
  });

  it('fails as the intake does', async () => {
    const intake: Taking = {
      async accept() {
        throw new HookwireError('overloaded', 'Too much.');
      },
      refusal: () => null,
    };
    const { receive } = createEventReceiver({ intake, ...everything });
    await expect(receive([{ ...dlr, messageId: 'm1' }], { accountId: 'acc_1' })).rejects.toMatchObject({
      code: 'overloaded',
    });
  });

  describe('before those who watch', () => {
    function watch() {
      const told: unknown[] = [];
      const observer: ReceiveObserver = {
        received: ({ items, accountId, answer, calledAt, answeredAt, durationMs }) =>
          void told.push([items.length, accountId, answer.accepted, calledAt, answeredAt, durationMs >= 0]),
        refused: () => void told.push('refused'),
      };
      return { told, observers: [{}, observer] };
    }

    it('tells each call that was answered, with the time that it took', async () => {
      const { told, observers } = watch();
      let now = 5;
      const clock = { now: () => now++ };
      const { intake } = fakeIntake();
      const { receive } = createEventReceiver({ ...everything, intake, clock, observers });
      await receive([{ ...dlr, messageId: 'm1' }, 'nonsense'], { accountId: 'acc_1' });
      expect(told).toEqual([[2, 'acc_1', 1, 5, 6, true]]);
    });

    it('tells that a call was refused, read or unread', async () => {
      const { told, observers } = watch();
      const refusal = new HookwireError('overloaded', 'Too much.');
      const intake: Taking = {
        async accept() {
          throw refusal;
        },
        refusal: (accountId) => (accountId === 'acc_full' ? refusal : null),
      };
      const events = createEventReceiver({ ...everything, intake, observers });
      await expect(events.receive([{ ...dlr, messageId: 'm1' }], { accountId: 'acc_1' })).rejects.toBe(
        refusal,
      );
      expect(told.splice(0)).toEqual(['refused']);
      expect([events.refusal('acc_1'), events.refusal('acc_full')]).toEqual([null, refusal]);
      expect(told).toEqual(['refused']);
    });
  });
});
