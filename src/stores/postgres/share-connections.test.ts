import { describe, expect, it } from 'vitest';
import { fewestConnections, shareConnections, usualConnections } from './share-connections.ts';

describe('the connections of a process', () => {
  it('are what they usually are', () => {
    expect(shareConnections(usualConnections)).toEqual({
      accepting: 3,
      ordinary: 6,
      questions: 4,
      leases: 2,
      messages: 1,
    });
  });

  it('are shared out to the last, and never fewer of a kind where there are more in all', () => {
    let before = shareConnections(fewestConnections);
    expect(Object.values(before)).toEqual([2, 2, 2, 2, 1]);
    for (let all = fewestConnections + 1; all <= 200; all++) {
      const shares = shareConnections(all);
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(all);
      for (const [name, share] of Object.entries(before)) {
        expect(shares[name as keyof typeof shares]).toBeGreaterThanOrEqual(share);
      }
      before = shares;
    }
  });
});
