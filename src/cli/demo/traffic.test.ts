import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/event.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createTraffic } from './traffic.ts';

/** Numbers that look random and are the same for the same seed (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function events(count: number, seed = 1): JsonObject[] {
  const clock = createManualClock();
  const next = createTraffic({
    random: seeded(seed),
    now: clock.now,
    accountId: 'acc_demo',
    wabaNumbers: ['919999999999'],
  });
  return Array.from({ length: count }, () => {
    clock.advance(200);
    return next();
  });
}

describe('createTraffic', () => {
  it('sends SMS reports, WhatsApp reports and WhatsApp messages', () => {
    const kinds = new Set(
      events(200).map(({ product, reportType }) => `${String(product)} ${String(reportType)}`),
    );
    expect([...kinds].sort()).toEqual(['sms dlr', 'whatsapp dlr', 'whatsapp mo']);
  });

  it('never takes a WhatsApp message back a step', () => {
    const order = ['sent', 'delivered', 'read', 'failed'];
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const last = new Map<unknown, number>();
        for (const { reportType, product, messageId, status } of events(100, seed)) {
          if (product !== 'whatsapp' || reportType !== 'dlr') continue;
          const step = order.indexOf(String(status));
          expect(step).toBeGreaterThan(last.get(messageId) ?? -1);
          last.set(messageId, step);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives a delivered SMS its time and a failed one none', () => {
    const sms = events(400).filter(({ product }) => product === 'sms');
    for (const { status, deliveredTime } of sms) expect(deliveredTime !== null).toBe(status === 'delivered');
    expect(new Set(sms.map(({ status }) => status)).size).toBeGreaterThan(2);
  });

  it('gives an inbound message the ids of its event', () => {
    const inbound = events(200).find(({ reportType }) => reportType === 'mo');
    expect(inbound?.message).toMatchObject({
      id: inbound?.messageId,
      from: inbound?.mobileNumber,
    });
  });
});
