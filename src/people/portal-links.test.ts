import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createPortalLinks, type PortalLinkRequest } from './portal-links.ts';

const minute = 60_000;

function stage(secret = 'secret of the tests') {
  const clock = createManualClock();
  const used = new Set<string>();
  const accounts = new Set(['acc_1', 'acc_2']);
  const links = createPortalLinks({
    store: {
      use: async (id) => {
        if (used.has(id)) return false;
        used.add(id);
        return true;
      },
    },
    secret,
    publicUrl: () => 'https://hookwire.example.com',
    hasAccount: (id) => accounts.has(id),
    clock,
  });
  function issue(parts: Partial<PortalLinkRequest> = {}): { token: string; url: string; expiresAt: number } {
    const { url, expiresAt } = links.issue({
      accountId: 'acc_1',
      role: 'developer',
      name: 'Ada of Acme',
      grantsAccess: false,
      expiresInMs: 5 * minute,
      sessionMs: 60 * minute,
      path: null,
      ...parts,
    });
    const token = new URLSearchParams(new URL(url).hash.slice(1)).get('token') ?? '';
    return { token, url, expiresAt };
  }
  return { clock, accounts, links, issue };
}

describe('a portal link', () => {
  it('opens the portal of its account, in its role, for as long as it says', async () => {
    const { clock, links, issue } = stage();
    const { token, expiresAt } = issue({ role: 'viewer' });
    expect(expiresAt).toBe(clock.now() + 5 * minute);
    const entered = await links.enter(token);
    expect(entered.token).toMatch(/^hwp_/);
    expect(entered.expiresAt).toBe(clock.now() + 60 * minute);
    expect(links.guest(entered.token)).toEqual({
      id: expect.stringMatching(/^plk_[0-9a-z]{16}$/),
      accountId: 'acc_1',
      role: 'viewer',
      name: 'Ada of Acme',
      grantsAccess: false,
      until: clock.now() + 60 * minute,
    });
    clock.advance(60 * minute - 1);
    expect(links.guest(entered.token)).not.toBeNull();
    clock.advance(1);
    expect(links.guest(entered.token)).toBeNull();
  });

  it('keeps everything that a server would see out of its address', () => {
    const { url } = stage().issue({ path: '/a/acc_1/deliveries?state=failed&q=ä' });
    const { origin, pathname, search, hash } = new URL(url);
    expect([origin, pathname, search]).toEqual(['https://hookwire.example.com', '/enter', '']);
    expect(new URLSearchParams(hash.slice(1)).get('path')).toBe('/a/acc_1/deliveries?state=failed&q=ä');
  });

  it('opens once', async () => {
    const { links, issue } = stage();
    const { token } = issue();
    const answers = await Promise.allSettled([links.enter(token), links.enter(token), links.enter(token)]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(links.enter(token)).rejects.toMatchObject({ code: 'link_expired' });
  });

  it('opens nothing when its time is over', async () => {
    const { clock, links, issue } = stage();
    const { token } = issue();
    clock.advance(5 * minute);
    await expect(links.enter(token)).rejects.toMatchObject({ code: 'link_expired' });
  });

  it('opens nothing when it was changed in any place', async () => {
    const { links, issue } = stage();
    const { token } = issue();
    for (let at = 0; at < token.length; at++) {
      const other = token.charAt(at) === 'A' ? 'B' : 'A';
      const forged = token.slice(0, at) + other + token.slice(at + 1);
      // The last character of base64 holds bits that say nothing.
      if (
        Buffer.from(forged.split('.')[1] ?? '', 'base64url').equals(
          Buffer.from(token.split('.')[1] ?? '', 'base64url'),
        ) &&
        at > token.indexOf('.')
      )
        continue;
      await expect(links.enter(forged), forged).rejects.toMatchObject({ code: 'link_expired' });
    }
    await expect(links.enter(token)).resolves.toBeDefined();
  });

  it.each(['', 'hwl_', 'hwl_.', 'hwl_e30.', 'hwl_e30.AAAA', 'hwl_a.b.c', `hwl_${'a'.repeat(5_000)}.b`, 'x'])(
    'opens nothing where it is %j',
    async (token) => {
      const { links } = stage();
      await expect(links.enter(token)).rejects.toMatchObject({ code: 'link_expired' });
      expect(links.guest(token.replace('hwl_', 'hwp_'))).toBeNull();
    },
  );

  it('is worth nothing to a gateway with another key', async () => {
    const { token } = stage('another secret').issue();
    await expect(stage().links.enter(token)).rejects.toMatchObject({ code: 'link_expired' });
  });

  it('cannot pass for a token of who has entered, nor the other way round', async () => {
    const { links, issue } = stage();
    const { token } = issue();
    expect(links.guest(token.replace('hwl_', 'hwp_'))).toBeNull();
    const entered = await links.enter(token);
    await expect(links.enter(entered.token.replace('hwp_', 'hwl_'))).rejects.toMatchObject({
      code: 'link_expired',
    });
  });

  it('ends with its account', async () => {
    const { accounts, links, issue } = stage();
    const [first, second] = [issue(), issue()];
    const entered = await links.enter(first.token);
    accounts.delete('acc_1');
    expect(links.guest(entered.token)).toBeNull();
    await expect(links.enter(second.token)).rejects.toMatchObject({ code: 'link_expired' });
  });
});
