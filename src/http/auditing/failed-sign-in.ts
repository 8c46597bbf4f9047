import type { CountKey } from '../../audit/counted-entries.ts';
import { networkOf } from '../../portal/network.ts';
import type { NewAuditEntry } from '../../stores/ports/audit.ts';
import type { Services } from '../services.ts';

interface Needs {
  readonly audit: Pick<Services['audit'], 'count'>;
  readonly portal: Pick<Services['portal'], 'isPerson'>;
}

/** Tells the audit log of somebody who could not sign in: with others of one network and name, and with a count. */
export function auditFailedSignIn({ audit, portal }: Needs, entry: NewAuditEntry): void {
  const { name } = entry.actor;
  const key: CountKey = {
    narrow: `${networkOf(entry.ip ?? '')} ${name.toLowerCase()}`,
    async wide() {
      if (await portal.isPerson(name)) return { key: name.toLowerCase(), entry: { ...entry, ip: null } };
      const actor = { ...entry.actor, name: '(many others)' };
      return { key: 'many others', entry: { ...entry, actor, ip: null } };
    },
  };
  audit.count(entry, key);
}
