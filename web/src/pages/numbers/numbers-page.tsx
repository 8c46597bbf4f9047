import { PageHeader } from '../../ui/page-header.tsx';

export function NumbersPage() {
  return <PageHeader title="NumbersPage" />;
}
