import { describe, expect, it } from 'vitest';
import { attemptOf, deliveryOf } from '../../testing/delivery.ts';
import { outlookOf } from './schedule.ts';

const webhook = { status: 'enabled', failing: false, maxAttempts: 11 } as const;
const titleOf = () => 'The status code does not count as delivered';
const ended = Date.parse('2026-11-22T10:15:30.100Z');
const retrying = (waitMs: number) =>
  deliveryOf({ state: 'retrying', nextAttemptAt: new Date(ended + waitMs).toISOString() });

describe('what comes next', () => {
  it('is nothing for what was delivered', () => {
    expect(outlookOf(deliveryOf(), [attemptOf()], webhook, titleOf)).toBeNull();
  });

  it('is the next attempt, with the pause of the schedule', () => {
    const outlook = outlookOf(retrying(4_700), [attemptOf()], webhook, titleOf);
    expect(outlook?.title).toBe('Attempt 2 of 11 comes next');
    expect(outlook?.at).toBe('2026-11-22T10:15:34.800Z');
    expect(outlook?.why[0]).toBe('Attempt 1 failed: the status code does not count as delivered.');
    expect(outlook?.why[1]).toContain('After the first attempt the gateway waits 5 s');
  });

  it('is later where the endpoint asked for it', () => {
    const outlook = outlookOf(retrying(60_000), [attemptOf()], webhook, titleOf);
    expect(outlook?.why[1]).toContain('the endpoint asked for a longer one');
  });

  it('is at once where somebody asked for it, long after the last attempt or before the pause is over', () => {
    const refused = attemptOf({ statusCode: null, errorClass: 'refused', errorDetail: null });
    for (const wait of [900_000, 500]) {
      const outlook = outlookOf(retrying(wait), [refused], webhook, titleOf);
      expect(outlook?.why[1]).toContain('Somebody asked to send it again');
    }
  });

  it('counts anew after a replay by hand', () => {
    const attempts = [attemptOf(), attemptOf({ number: 2 }), attemptOf({ number: 3, manual: true })];
    const outlook = outlookOf(retrying(4_700), attempts, webhook, titleOf);
    expect(outlook?.title).toBe('Attempt 4 of 13 comes next');
    expect(outlook?.why[1]).toContain('After the first attempt');
  });

  it('waits for a webhook that is disabled, and for an endpoint that fails', () => {
    const disabled = outlookOf(retrying(4_700), [attemptOf()], { ...webhook, status: 'disabled' }, titleOf);
    expect(disabled?.why.at(-1)).toContain('disabled');
    const failing = outlookOf(retrying(4_700), [attemptOf()], { ...webhook, failing: true }, titleOf);
    expect(failing?.why.at(-1)).toContain('single deliveries');
  });

  it('is the first attempt for what has just come', () => {
    const delivery = deliveryOf({ state: 'pending', attemptCount: 0 });
    expect(outlookOf(delivery, [], webhook, titleOf)?.title).toBe('Waits for its first attempt');
  });

  it.each([
    ['failed', 'attempts_exhausted', 'All attempts'],
    ['failed', 'gave_up_after', 'gives up'],
    ['skipped', 'erased', 'asked for it to be forgotten'],
    ['failed', 'expired', 'for as long as the account keeps them'],
    ['skipped', 'webhook_deleted', 'was deleted'],
    ['skipped', 'outdated', 'in order'],
    ['failed', 'new_reason', 'Reason: new_reason.'],
  ] as const)('is nothing for what %s with %s, and why', (state, stateReason, words) => {
    const attempts = [attemptOf(), attemptOf({ number: 2 })];
    const outlook = outlookOf(deliveryOf({ state, stateReason }), attempts, webhook, titleOf);
    expect(outlook?.at).toBeNull();
    expect(outlook?.why.join(' ')).toContain(words);
  });
});
