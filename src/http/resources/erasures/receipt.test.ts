import { describe, expect, it } from 'vitest';
import { sequenceAt } from '../../../core/ids.ts';
import type { Erasure, ErasurePlace } from '../../../stores/ports/erasures.ts';
import { receiptOf } from './receipt.ts';

const day = 86_400_000;
const began = Date.UTC(2026, 9, 1);
const at = (days: number): number => sequenceAt(began + days * day);
const place: ErasurePlace = {
  ...{ step: 'events', after: 0, first: at(0), upTo: at(30) },
  ...{ outstanding: [], againFrom: null, sentSince: false },
};
const erasure: Erasure = {
  ...{ id: 'task_1', kind: 'erasure', accountId: 'acme', deletedAccountId: null, sought: null },
  ...{ waiting: 'drop', by: { kind: 'operatorKey', id: 'operator', name: 'Operator' }, state: 'running' },
  ...{ createdAt: began + 30 * day, finishedAt: null, place, counts: {} },
};
const progress = (changed: Partial<ErasurePlace>) =>
  receiptOf({ ...erasure, place: { ...place, ...changed } })?.progress;

describe('how far an erasure is', () => {
  it('is how much of the time that is stored it has looked through', () => {
    expect(progress({ first: null, upTo: null })).toBe(0);
    expect(progress({})).toBe(0);
    expect(progress({ after: at(3) })).toBe(0.1);
    expect(progress({ after: at(15) })).toBe(0.5);
  });

  it('is 1 when the last event was looked at, and not before', () => {
    expect(progress({ after: at(30) - 1 })).toBe(0.99);
    expect(progress({ after: at(30) })).toBe(1);
    expect(progress({ first: 0, upTo: 0 })).toBe(1);
    expect(progress({ step: 'rest' })).toBe(1);
    expect(receiptOf({ ...erasure, state: 'done', place: null, finishedAt: began })?.progress).toBe(1);
  });
});
