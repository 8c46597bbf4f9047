import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { accountsQuery } from '../../api/accounts.ts';
import { Required } from '../../session/required.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { AuditLog } from './audit-log.tsx';

/** Who changed what in an account. */
export function AuditPage() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/audit' });
  return (
    <Required act="admin" title="Audit log">
      <PageHeader title="Audit log">
        Who changed what in this account, newest first. Secrets and the values of headers are never in it.
      </PageHeader>
      <AuditLog accountId={accountId} />
    </Required>
  );
}

/** Who changed what in all accounts and in the gateway. */
export function WholeAuditPage() {
  const { data: accounts } = useQuery(accountsQuery);
  const names = useMemo(() => new Map(accounts?.data.map(({ id, name }) => [id, name])), [accounts]);
  return (
    <>
      <PageHeader title="Audit log">
        Who changed what in all accounts and in the gateway, newest first. Secrets and the values of headers
        are never in it.
      </PageHeader>
      <AuditLog accountId={null} accountNames={names} />
    </>
  );
}
