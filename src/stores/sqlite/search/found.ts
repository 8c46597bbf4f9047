/** A stretch of sequence numbers: `from` ≤ number < `before`. */
export interface Span {
  readonly from: number;
  readonly before: number;
}

/** Sequence numbers; at each `null` others may get between. */
export type Found = Generator<number | null, void, void>;
