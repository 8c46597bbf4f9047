import { PageHeader } from '../../ui/page-header.tsx';
import { PeopleList } from './people-list.tsx';

/** Who runs the gateway. */
export function OperatorsPage() {
  return (
    <PeopleList
      accountId={null}
      header={(actions) => (
        <PageHeader title="Operators" actions={actions}>
          They see and change everything: all accounts, and the gateway itself. Customers belong to an account
          instead, under its people.
        </PageHeader>
      )}
    />
  );
}
