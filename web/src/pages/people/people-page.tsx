import { useParams } from '@tanstack/react-router';
import { useMay } from '../../session/may.ts';
import { Required } from '../../session/required.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { PeopleList } from './people-list.tsx';

/** Who may sign in to an account. */
export function PeoplePage() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/people' });
  const mayGrant = useMay('grant');
  return (
    <Required act="admin" title="People">
      <PeopleList
        accountId={accountId}
        header={(actions) => (
          <PageHeader title="People" actions={actions}>
            Who may sign in to this account, and what they may do there.
            {!mayGrant && ' Their access outlasts the link that you came by, so others give it.'}
          </PageHeader>
        )}
      />
    </Required>
  );
}
