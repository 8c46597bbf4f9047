import type { CountKey } from '../../audit/counted-entries.ts';
import { networkOf } from '../../people/network.ts';
import type { NewAuditEntry } from '../../stores/ports/audit.ts';
import type { Services } from '../services.ts';

interface Needs {
  readonly audit: Pick<Services['audit'], 'count'>;
  readonly people: Pick<Services['people'], 'isPerson'>;
}

/** Tells the audit log of somebody who could not sign in: with others of one network and name, and with a count. */
export function auditFailedSignIn({ audit, people }: Needs, entry: NewAuditEntry): void {
  const { name } = entry.actor;
  const key: CountKey = {
    narrow: `${networkOf(entry.ip ?? '')} ${name.toLowerCase()}`,
    async wide() {
      if (await people.isPerson(name)) return { key: name.toLowerCase(), entry: { ...entry, ip: null } };
      const actor = { ...entry.actor, name: '(many others)' };
      return { key: 'many others', entry: { ...entry, actor, ip: null } };
    },
  };
  audit.count(entry, key);
}
