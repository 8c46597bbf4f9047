import type { NewAuditEntry } from '../../stores/ports/audit.ts';
import type { Services } from '../services.ts';
import { byPerson } from './describe-people.ts';

type Needs = Pick<Services, 'audit' | 'clock'> & {
  readonly portal: Pick<Services['portal'], 'find' | 'oidc'>;
};

/** A browser as it comes back from the provider of OpenID Connect. */
export interface Return {
  /** `Set-Cookie` headers of the answer: with a session, where somebody is signed in. */
  readonly cookies: readonly string[];
  readonly ip: string;
}

/** Tells the audit log who has signed in by OpenID Connect, or that somebody could not. */
export function auditOidc({ audit, clock, portal }: Needs, { cookies, ip }: Return): void {
  const at = clock.now();

  async function describe(): Promise<NewAuditEntry> {
    const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ');
    const signedIn = cookie === '' ? null : await portal.find(cookie);
    const by = signedIn && byPerson(signedIn);
    return {
      at,
      accountId: by?.accountId ?? null,
      action: by ? 'session.signedIn' : 'session.signInFailed',
      actor: by?.actor ?? { kind: 'nobody', id: '', name: portal.oidc?.name ?? 'OIDC' },
      target: null,
      changes: [],
      ip,
    };
  }

  audit.write(describe());
}
