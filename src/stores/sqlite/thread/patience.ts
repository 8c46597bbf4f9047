/** How long a transaction behind the traffic may take; everybody's commits wait for it. */
export interface Patience {
  /** It begins nothing more after so long, ms. */
  readonly mostMs: number;
  /** Whether somebody's commit waits for its end now. */
  readonly isAwaited: () => boolean;
}

export const untroubled: Patience = { mostMs: 8, isAwaited: () => false };

/** So much is done also where a commit waits, so that what is behind the traffic never stands still, ms. */
const shortestMs = 0.5;

/** Begins now; tells, whenever it is asked, whether the transaction should begin nothing more. */
export function startPatience({ mostMs, isAwaited }: Patience): () => boolean {
  const began = performance.now();
  return () => {
    const took = performance.now() - began;
    return took >= mostMs || (took >= shortestMs && isAwaited());
  };
}
