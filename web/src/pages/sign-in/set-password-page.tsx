import { PageHeader } from '../../ui/page-header.tsx';

export function SetPasswordPage() {
  return <PageHeader title="SetPasswordPage" />;
}
