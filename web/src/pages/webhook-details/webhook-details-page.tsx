import { PageHeader } from '../../ui/page-header.tsx';

export function WebhookDetailsPage() {
  return <PageHeader title="WebhookDetailsPage" />;
}
