import { PageHeader } from '../../ui/page-header.tsx';

export function GuidesPage() {
  return <PageHeader title="GuidesPage" />;
}
