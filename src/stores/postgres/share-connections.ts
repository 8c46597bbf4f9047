/**
 * Connections of a process by what waits for what: accepting for accepting, questions for questions, so that a slow search holds up
 * no call that hands in events. `messages`: with other processes.
 */
export type Shares = Readonly<Record<'accepting' | 'ordinary' | 'questions' | 'leases' | 'messages', number>>;

/** What each has at least; the first that there are more are shared out by weight. */
const least: Shares = { accepting: 2, ordinary: 2, questions: 2, leases: 2, messages: 1 };
const weights: Shares = { accepting: 1, ordinary: 4, questions: 2, leases: 0, messages: 0 };

/** Fewer than these do not do. */
export const fewestConnections = sumOf(least);
export const usualConnections = 16;

/** Shares out so many connections, at least {@link fewestConnections}; none is left over. */
export function shareConnections(all: number): Shares {
  const shares = { ...least };
  const names = Object.keys(shares) as (keyof Shares)[];
  for (let left = all - fewestConnections; left > 0; left--) {
    const next = names.filter((name) => weights[name] > 0).reduce((a, b) => (behind(b) > behind(a) ? b : a));
    shares[next]++;
  }
  return shares;

  /** How far its part of what was given beyond the least is behind its weight. */
  function behind(name: keyof Shares): number {
    return weights[name] / (shares[name] - least[name] + 1);
  }
}

function sumOf(shares: Shares): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}
