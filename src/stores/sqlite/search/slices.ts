import { sequenceAt } from '../../../core/ids.ts';

/** Runs are merged within a stretch of time, so that what is old enough goes whole: a week. */
const sliceMs = 7 * 24 * 60 * 60 * 1000;
const epochMs = Date.UTC(2025, 0, 1);
const sliceNumbers = sequenceAt(epochMs + sliceMs);

/** The week in which a number was given. */
export function sliceOf(seq: number): number {
  return Math.floor(seq / sliceNumbers);
}
