import { sequenceAt } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';

const someDay = Date.UTC(2026, 0, 1);

/** Sequence numbers of a day: as long a span as is looked at first, a partition or two. */
export const dayOfNumbers = sequenceAt(someDay + dayMs) - sequenceAt(someDay);

/** Where nothing is found the next span is twice as long, up to this: each partition in it costs some 0.1 ms to plan for. */
export const longestSpan = 32 * dayOfNumbers;
