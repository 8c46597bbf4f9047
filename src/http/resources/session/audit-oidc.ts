import type { NewAuditEntry } from '../../../stores/ports/audit.ts';
import { auditFailedSignIn } from '../../auditing/failed-sign-in.ts';
import type { SignInServices } from '../../shared-services.ts';
import { byPerson } from './audit.ts';

type Needs = Pick<SignInServices, 'audit' | 'clock'> & {
  readonly people: Pick<SignInServices['people'], 'find' | 'oidc' | 'isPerson'>;
};

/** A browser as it comes back from the provider of OpenID Connect. */
export interface ReturnedBrowser {
  /** `Set-Cookie` headers of the answer: with a session, where somebody is signed in. */
  readonly cookies: readonly string[];
  readonly ip: string;
}

/** Tells the audit log who has signed in by OpenID Connect, or that somebody could not. */
export function auditOidc(needs: Needs, { cookies, ip }: ReturnedBrowser): void {
  const { audit, clock, people } = needs;
  const at = clock.now();
  const about = { at, target: null, changes: [], ip };

  async function signedIn(): Promise<NewAuditEntry | null> {
    const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ');
    const found = cookie === '' ? null : await people.find(cookie);
    const by = found && byPerson(found);
    if (by) return { ...about, accountId: by.accountId, action: 'session.signedIn', actor: by.actor };
    const actor = { kind: 'nobody', id: '', name: people.oidc?.name ?? 'OIDC' } as const;
    auditFailedSignIn(needs, { ...about, accountId: null, action: 'session.signInFailed', actor });
    return null;
  }

  audit.write(signedIn());
}
