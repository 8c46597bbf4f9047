import { PageHeader } from '../../ui/page-header.tsx';

export function EventPage() {
  return <PageHeader title="EventPage" />;
}
