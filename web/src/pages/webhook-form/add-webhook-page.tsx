import { PageHeader } from '../../ui/page-header.tsx';

export function AddWebhookPage() {
  return <PageHeader title="AddWebhookPage" />;
}
