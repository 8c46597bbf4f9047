import { describe, expect, it } from 'vitest';
import { declaredLimits, type LimitValues } from '../core/account-limits.ts';
import { HookwireError } from '../core/errors.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { type Admission, type Admitted, createAdmission } from './admission.ts';

function openAdmission(limits: Partial<LimitValues>) {
  const clock = createManualClock();
  const waits = new Map<string, number>();
  const waiting = {
    of: (id: string) => waits.get(id) ?? 0,
    add: (id: string, deliveries: number) => void waits.set(id, (waits.get(id) ?? 0) + deliveries),
  };
  const of = { ...declaredLimits, ...limits };
  const admission = createAdmission({
    clock,
    waiting,
    limitsOf: (id) => (id === 'free' ? declaredLimits : of),
  });
  return { clock, waits, admission };
}

function letIn(admission: Admission, ...asked: [string, number, number]): Admitted {
  const answer = admission.admit(...asked);
  if (answer instanceof HookwireError) throw answer;
  return answer;
}

describe('the admission of events', () => {
  it('lets a second’s worth in at once, not one more, and says when the next may come', () => {
    const { clock, admission } = openAdmission({ eventsPerSecond: 10 });
    letIn(admission, 'a', 9, 0);
    letIn(admission, 'a', 1, 0);
    expect(admission.admit('a', 1, 0)).toMatchObject({
      code: 'slow_down',
      limit: { name: 'eventsPerSecond', value: 10 },
      retryAfterSeconds: 1,
    });
    expect(admission.refusal('a')).toMatchObject({ code: 'slow_down' });
    letIn(admission, 'free', 10_000, 0);
    clock.advance(100);
    expect(admission.refusal('a')).toBeNull();
    letIn(admission, 'a', 1, 0);
    expect(admission.recentEvents('a')).toBe(10);
  });

  it('lets a batch in that is larger than a second’s worth when nothing came for a second, and then waits for it', () => {
    const { clock, admission } = openAdmission({ eventsPerSecond: 10 });
    letIn(admission, 'a', 1_000, 0);
    expect(admission.admit('a', 1, 0)).toMatchObject({ retryAfterSeconds: 100 });
    clock.advance(99_099);
    expect(admission.admit('a', 1, 0)).toMatchObject({ retryAfterSeconds: 1 });
    clock.advance(1);
    letIn(admission, 'a', 1, 0);
  });

  it('takes nothing of the rate for what the store did not take', () => {
    const { admission, waits } = openAdmission({ eventsPerSecond: 10 });
    letIn(admission, 'a', 10, 20).refused();
    expect(waits.get('a')).toBe(0);
    letIn(admission, 'a', 10, 0);
  });

  it('lets in as much as may wait, not one delivery more, also while it is not known what the store made of the rest', () => {
    const { admission, waits } = openAdmission({ deliveriesWaiting: 10 });
    const first = letIn(admission, 'a', 1, 6);
    expect(admission.admit('a', 1, 5)).toMatchObject({
      code: 'slow_down',
      limit: { name: 'deliveriesWaiting', value: 10 },
      retryAfterSeconds: 30,
    });
    letIn(admission, 'a', 1, 4);
    expect(admission.refusal('a')).toMatchObject({ code: 'slow_down' });
    first.stored(5);
    expect(waits.get('a')).toBe(9);
    expect(admission.refusal('a')).toBeNull();
    letIn(admission, 'a', 1, 1);
    expect(admission.admit('a', 1, 1)).toBeInstanceOf(HookwireError);
    expect(admission.admit('a', 1, 0)).not.toBeInstanceOf(HookwireError);
  });

  it('lets in what makes more than may wait when nothing waits, since it could never come otherwise', () => {
    const { admission } = openAdmission({ deliveriesWaiting: 10 });
    letIn(admission, 'a', 1, 50);
    expect(admission.admit('a', 1, 1)).toBeInstanceOf(HookwireError);
  });

  it('takes nothing of the rate where too much waits', () => {
    const { admission, waits } = openAdmission({ deliveriesWaiting: 1, eventsPerSecond: 5 });
    letIn(admission, 'a', 1, 1);
    for (let i = 0; i < 10; i++) expect(admission.admit('a', 4, 4)).toBeInstanceOf(HookwireError);
    waits.set('a', 0);
    letIn(admission, 'a', 4, 4);
  });

  it('counts the gateway’s own events and refuses none of them', () => {
    const { admission, waits } = openAdmission({ deliveriesWaiting: 1, eventsPerSecond: 1 });
    for (let i = 0; i < 3; i++) admission.admitAlways('a', 1, 2).stored(2);
    expect(waits.get('a')).toBe(6);
  });
});
