import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { erasuresQuery } from '../../api/erasures.ts';
import { Required } from '../../session/required.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ErasuresTable } from './erasures-table.tsx';
import { NewErasureModal } from './new-erasure-modal.tsx';

/** Forgets people in an account, and shows the receipts. */
export function ErasuresPage() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/erasures' });
  return (
    <Required act="admin" title="Erasure">
      <Erasures accountId={accountId} />
    </Required>
  );
}

/** The same in all accounts, with the accounts that were deleted. */
export function WholeErasuresPage() {
  return <Erasures accountId={null} />;
}

function Erasures({ accountId }: { readonly accountId: string | null }) {
  const queryClient = useQueryClient();
  const erasures = useInfiniteQuery(erasuresQuery(accountId));
  const [asking, ask] = useDisclosure();
  const button = <Button onClick={ask.open}>Erase a person</Button>;
  const where = accountId === null ? 'all accounts' : 'this account';

  return (
    <>
      <PageHeader title="Erasure" actions={button}>
        Forgets a person in {where}: every trace of them goes from events, deliveries, answers, tasks and the
        audit log. The receipt says how much, and never who. It cannot be taken back.
      </PageHeader>
      <Listing
        query={erasures}
        empty={
          <EmptyState title="Nobody was erased yet" action={button}>
            Events that come after an erasure are not affected by it.
          </EmptyState>
        }
      >
        {(items) => <ErasuresTable erasures={items} ofAll={accountId === null} />}
      </Listing>
      <NewErasureModal
        accountId={accountId}
        opened={asking}
        onClose={ask.close}
        onMade={() => queryClient.invalidateQueries({ queryKey: ['erasures'] })}
      />
    </>
  );
}
