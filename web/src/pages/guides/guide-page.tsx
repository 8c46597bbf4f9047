import { PageHeader } from '../../ui/page-header.tsx';

export function GuidePage() {
  return <PageHeader title="GuidePage" />;
}
