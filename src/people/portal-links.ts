import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { AccountRole } from '../core/roles.ts';
import { accountRoles } from '../core/roles.ts';
import type { PortalLinkStore } from '../stores/ports/portal-links.ts';

/** Whom the platform lets into an account's portal. */
export interface PortalGuest {
  /** The link's own. */
  readonly id: string;
  readonly accountId: string;
  readonly role: AccountRole;
  /** What the audit log calls them. */
  readonly name: string;
  /** They may give access that outlasts their stay: make API keys, invite people. */
  readonly grantsAccess: boolean;
  /** When their time is over, ms since the Unix epoch. */
  readonly until: number;
}

export interface PortalLinkRequest extends Omit<PortalGuest, 'id' | 'until'> {
  /** How long the link may be opened. */
  readonly expiresInMs: number;
  /** How long whoever opened it stays. */
  readonly sessionMs: number;
  /** The page that it opens: a path of the portal. */
  readonly path: string | null;
}

export interface IssuedLink {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: number;
}

export interface EnteredPortal {
  /** `hwp_…` */
  readonly token: string;
  readonly expiresAt: number;
}

/**
 * Signed links by which a platform with its own sign-in opens the portal for a customer.
 *
 * ```text
 * issue ──▸ link token (minutes, opens once) ──enter──▸ hwp_ token (an hour, a Bearer of the API) ──find──▸ guest
 * ```
 * A token is its content and an HMAC over it, so neither is stored; only which links were opened is, until they expire.
 * A guest is gone when the time is over or the account is deleted, and all are when the master key changes.
 */
export interface PortalLinks {
  issue(request: PortalLinkRequest): IssuedLink;
  /** @throws HookwireError `link_expired` where the link is not one, has expired, or was opened before */
  enter(token: string): Promise<EnteredPortal>;
  /** Who has a `hwp_…` token; `null`: nobody (any more). */
  guest(token: string): PortalGuest | null;
}

export interface PortalLinksParts {
  readonly store: PortalLinkStore;
  /** Signs; for nothing else. */
  readonly secret: string;
  /** Where people reach the gateway. */
  readonly publicUrl: () => string;
  readonly hasAccount: (accountId: string) => boolean;
  readonly clock: Pick<Clock, 'now'>;
}

/** Of tokens; short, since a link is handed on in a URL. */
interface Content {
  readonly id: string;
  readonly account: string;
  readonly role: AccountRole;
  readonly name: string;
  /** Missing: they may not. */
  readonly grants?: true;
  /** ms since the Unix epoch. */
  readonly until: number;
  /** Links only: how long a guest stays, in ms. */
  readonly stay?: number;
}

const sessionPrefix = 'hwp_';
const linkPrefix = 'hwl_';
type Prefix = typeof sessionPrefix | typeof linkPrefix;

const longestToken = 2_000;

export function createPortalLinks({
  store,
  secret,
  publicUrl,
  hasAccount,
  clock,
}: PortalLinksParts): PortalLinks {
  /** The prefix is signed with the content, so that one kind of token cannot pass for the other. */
  function signatureOf(prefix: Prefix, encoded: string): Buffer {
    return createHmac('sha256', secret).update(`${prefix}${encoded}`).digest();
  }

  function write(prefix: Prefix, content: Content): string {
    const encoded = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${prefix}${encoded}.${signatureOf(prefix, encoded).toString('base64url')}`;
  }

  /** What a token says, if this gateway wrote it and it is still good. */
  function read(prefix: Prefix, token: string): Content | null {
    if (!token.startsWith(prefix) || token.length > longestToken) return null;
    const [encoded = '', signature = '', ...more] = token.slice(prefix.length).split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = signatureOf(prefix, encoded);
    if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const content = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Content;
    const isGood =
      content.until > clock.now() && accountRoles.includes(content.role) && hasAccount(content.account);
    return isGood ? content : null;
  }

  return {
    issue({ accountId, role, name, grantsAccess, expiresInMs, sessionMs, path }) {
      const id = randomId('plk');
      const until = clock.now() + expiresInMs;
      const guest = { id, account: accountId, role, name, ...(grantsAccess && { grants: true as const }) };
      const token = write(linkPrefix, { ...guest, until, stay: sessionMs });
      const page = path === null ? '' : `&path=${encodeURIComponent(path)}`;
      return { id, url: `${publicUrl()}/enter#token=${token}${page}`, expiresAt: until };
    },

    async enter(token) {
      const link = read(linkPrefix, token);
      const now = clock.now();
      if (!link || !(await store.use(link.id, link.until, now))) {
        throw new HookwireError(
          'link_expired',
          'The link has expired or was opened before: open the portal anew from where you came.',
        );
      }
      const { stay = 0, ...guest } = link;
      const expiresAt = now + stay;
      return { token: write(sessionPrefix, { ...guest, until: expiresAt }), expiresAt };
    },

    guest(token) {
      const content = read(sessionPrefix, token);
      if (!content) return null;
      const { id, account: accountId, role, name, grants = false, until } = content;
      return { id, accountId, role, name, grantsAccess: grants, until };
    },
  };
}
