import { describe, expect, it } from 'vitest';
import { stillUndoable, timeLeft, undoableMs } from './deleted.ts';

const deleted = { id: 'wh_1', accountId: 'acc_1', kind: 'SMS DLR', url: 'https://a.example', deletedAt: 0 };

describe('a deleted webhook', () => {
  it('can be undone for ten minutes', () => {
    expect(stillUndoable([deleted], undoableMs - 1)).toEqual([deleted]);
    expect(stillUndoable([deleted], undoableMs)).toEqual([]);
  });

  it('says how long that is', () => {
    expect(timeLeft(deleted, 1)).toBe('9 minutes');
    expect(timeLeft(deleted, 8.5 * 60_000)).toBe('1 minute');
    expect(timeLeft(deleted, 9.5 * 60_000)).toBe('less than a minute');
  });
});
