import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteSender, type Sender, sendersQuery } from '../../api/senders.ts';
import { useMay } from '../../session/may.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { NewNumberModal } from './new-number-modal.tsx';
import { NumbersTable } from './numbers-table.tsx';

/** The WhatsApp Business numbers (Waba Numbers) that the account's webhooks may choose from. */
export function NumbersPage() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/numbers' });
  const queryClient = useQueryClient();
  const numbers = useInfiniteQuery(sendersQuery(accountId));
  const mayChange = useMay('admin');
  const [adding, add] = useDisclosure();
  const [removed, setRemoved] = useState<Sender | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['senders', accountId] });
  const button = mayChange ? <Button onClick={add.open}>Add a number</Button> : undefined;

  return (
    <>
      <PageHeader title="Waba Numbers" actions={button}>
        Your WhatsApp Business numbers. A WhatsApp webhook gets the reports of one of them, or of all.
      </PageHeader>
      <Listing
        query={numbers}
        empty={
          <EmptyState title="No numbers yet" action={button}>
            A webhook for WhatsApp can be made for all numbers without one. To make it for one number alone,{' '}
            {mayChange
              ? 'add that number here first.'
              : 'ask an owner of the account to add that number here.'}
          </EmptyState>
        }
      >
        {(items) => <NumbersTable numbers={items} {...(mayChange && { onRemove: setRemoved })} />}
      </Listing>
      <NewNumberModal accountId={accountId} opened={adding} onClose={add.close} onAdded={changed} />
      <ConfirmModal
        opened={removed !== null}
        onClose={() => setRemoved(null)}
        title={`Remove ${removed?.productUniqueId ?? ''}?`}
        action="Remove the number"
        onConfirm={async () => {
          if (!removed) return;
          await deleteSender(removed.id);
          await changed();
        }}
      >
        Webhooks that were made for it keep getting its reports. New webhooks can no longer choose it.
      </ConfirmModal>
    </>
  );
}
