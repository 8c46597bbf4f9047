import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteKey, type Key, keysQuery } from '../../api/keys.ts';
import { useMay } from '../../session/may.ts';
import { Required } from '../../session/required.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { KeysTable } from './keys-table.tsx';
import { NewKeyModal } from './new-key-modal.tsx';

export function KeysPage() {
  return (
    <Required act="admin" title="API keys">
      <Keys />
    </Required>
  );
}

function Keys() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/keys' });
  const queryClient = useQueryClient();
  const keys = useInfiniteQuery(keysQuery(accountId));
  const [making, make] = useDisclosure();
  const [deleted, setDeleted] = useState<Key | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['keys', accountId] });
  const mayGrant = useMay('grant');
  const button = mayGrant && <Button onClick={make.open}>Make a key</Button>;

  return (
    <>
      <PageHeader title="API keys" actions={button}>
        For programs that call the gateway. A key sees and changes this account alone, as far as its scopes
        go.{!mayGrant && ' It outlasts the link that you came by, so it is made by who signs in.'}
      </PageHeader>
      <Listing
        query={keys}
        empty={
          <EmptyState title="No API keys yet" action={button}>
            A program needs one to send events or to manage webhooks. People sign in instead.
          </EmptyState>
        }
      >
        {(items) => <KeysTable keys={items} onDelete={setDeleted} />}
      </Listing>
      <NewKeyModal accountId={accountId} opened={making} onClose={make.close} onMade={changed} />
      <ConfirmModal
        opened={deleted !== null}
        onClose={() => setDeleted(null)}
        title={`Delete the key “${deleted?.name ?? ''}”?`}
        action="Delete the key"
        onConfirm={async () => {
          if (!deleted) return;
          await deleteKey(accountId, deleted.id);
          await changed();
        }}
      >
        Programs that use it are refused at once. It cannot be brought back: they need a new key.
      </ConfirmModal>
    </>
  );
}
