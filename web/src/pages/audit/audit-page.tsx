import { PageHeader } from '../../ui/page-header.tsx';

export function AuditPage() {
  return <PageHeader title="Audit log" />;
}

export function WholeAuditPage() {
  return <PageHeader title="Audit log" />;
}
