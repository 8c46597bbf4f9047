import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Account, accountListQuery } from '../../api/accounts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { AccountsTable } from './accounts-table.tsx';
import { DeleteAccountModal } from './delete-account-modal.tsx';
import { FirstAccount } from './first-account.tsx';
import { NewAccountModal } from './new-account-modal.tsx';
import { NextSteps } from './next-steps.tsx';
import { RenameAccountModal } from './rename-account-modal.tsx';

/** The account in which the gateway keeps its own webhooks. It is there from the beginning and stays. */
const gatewaysOwn = 'operator';

/** The platform's customers; where an operator begins. */
export function AccountsPage() {
  const queryClient = useQueryClient();
  const accounts = useInfiniteQuery(accountListQuery);
  const [words, setWords] = useState('');
  const [creating, create] = useDisclosure();
  const [created, setCreated] = useState<Account | null>(null);
  const [renamed, setRenamed] = useState<Account | null>(null);
  const [deleted, setDeleted] = useState<Account | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['accounts'] });

  return (
    <>
      <PageHeader title="Accounts" actions={<Button onClick={create.open}>Create an account</Button>}>
        One for each customer of the platform. Their webhooks, numbers, keys and people belong to it, and one
        account sees nothing of another.
      </PageHeader>
      {created && <NextSteps account={created} onClose={() => setCreated(null)} />}
      <Listing query={accounts} empty={<FirstAccount onCreate={create.open} />}>
        {(items) => {
          const customers = items.filter(({ id }) => id !== gatewaysOwn);
          if (customers.length === 0) return <FirstAccount onCreate={create.open} />;
          const shown = items.filter((account) => matches(account, words));
          return (
            <>
              {items.length > 8 && (
                <TextInput
                  aria-label="Search accounts"
                  placeholder="Search by name or id"
                  maw={320}
                  mb="md"
                  value={words}
                  onChange={(event) => setWords(event.currentTarget.value)}
                />
              )}
              {shown.length === 0 ? (
                <EmptyState
                  title="No account matches"
                  action={
                    <Button variant="default" onClick={() => setWords('')}>
                      Show all
                    </Button>
                  }
                />
              ) : (
                <AccountsTable
                  accounts={shown}
                  gatewaysOwn={gatewaysOwn}
                  onRename={setRenamed}
                  onDelete={setDeleted}
                />
              )}
            </>
          );
        }}
      </Listing>
      <NewAccountModal
        opened={creating}
        onClose={create.close}
        onCreated={(account) => {
          setCreated(account);
          return changed();
        }}
      />
      <RenameAccountModal account={renamed} onClose={() => setRenamed(null)} onRenamed={changed} />
      <DeleteAccountModal
        account={deleted}
        onClose={() => setDeleted(null)}
        onDeleted={(id) => {
          if (created?.id === id) setCreated(null);
          return changed();
        }}
      />
    </>
  );
}

function matches({ id, name }: Account, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted);
}
