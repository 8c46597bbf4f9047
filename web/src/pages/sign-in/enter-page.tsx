import { PageHeader } from '../../ui/page-header.tsx';

export function EnterPage() {
  return <PageHeader title="EnterPage" />;
}
