/** Places for work that is under way, so many for each account and so many in all. */
export interface Places {
  /**
   * Takes a place; what comes back leaves it, once.
   * @param accountId whose work it is; `null`: nobody's, so that only the bound of all counts
   * @param mostOfAccount `null`: as many as there are
   * @returns whose places are taken, where there is none
   */
  take(accountId: string | null, mostOfAccount: number | null): (() => void) | 'account' | 'all';
  /** How many an account has taken. */
  takenBy(accountId: string): number;
}

export function createPlaces(mostInAll: number): Places {
  const taken = new Map<string, number>();
  let inAll = 0;

  function give(accountId: string): void {
    const left = (taken.get(accountId) ?? 0) - 1;
    if (left > 0) taken.set(accountId, left);
    else taken.delete(accountId);
  }

  return {
    take(accountId, mostOfAccount) {
      const own = accountId === null ? 0 : (taken.get(accountId) ?? 0);
      if (accountId !== null && mostOfAccount !== null && own >= mostOfAccount) return 'account';
      if (inAll >= mostInAll) return 'all';
      inAll++;
      if (accountId !== null) taken.set(accountId, own + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        inAll--;
        if (accountId !== null) give(accountId);
      };
    },
    takenBy: (accountId) => taken.get(accountId) ?? 0,
  };
}
