import { PageHeader } from '../../ui/page-header.tsx';

export function FindEventsPage() {
  return <PageHeader title="FindEventsPage" />;
}
