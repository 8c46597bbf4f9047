import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Person, peopleQuery, removePerson } from '../../api/people.ts';
import { useMay } from '../../session/may.ts';
import { useSession } from '../../session/session.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { InviteModal } from './invite-modal.tsx';
import { NewLinkModal } from './new-link-modal.tsx';
import { PeopleTable } from './people-table.tsx';
import { RoleModal } from './role-modal.tsx';

export interface PeopleListProps {
  /** Whose people; `null`: the operators. */
  readonly accountId: string | null;
  readonly header: (actions: ReactNode) => ReactNode;
}

/** People with their roles: to invite, to give another role, a new link, or to remove. */
export function PeopleList({ accountId, header }: PeopleListProps) {
  const queryClient = useQueryClient();
  const me = useSession()?.person?.id;
  const people = useInfiniteQuery(peopleQuery(accountId));
  const [inviting, invite] = useDisclosure();
  const [linked, setLinked] = useState<Person | null>(null);
  const [promoted, setPromoted] = useState<Person | null>(null);
  const [removed, setRemoved] = useState<Person | null>(null);
  const mayGrant = useMay('grant');
  const button = mayGrant && (
    <Button onClick={invite.open}>{accountId === null ? 'Add an operator' : 'Invite'}</Button>
  );

  async function changed() {
    await queryClient.invalidateQueries({ queryKey: ['people'] });
    await queryClient.invalidateQueries({ queryKey: ['session'] });
  }

  return (
    <>
      {header(button)}
      <Listing
        query={people}
        empty={
          <EmptyState title="Nobody yet" action={button}>
            Invite the people who look after this account’s webhooks. They choose their own password.
          </EmptyState>
        }
      >
        {(items) => (
          <PeopleTable
            people={items}
            me={me}
            onRemove={setRemoved}
            {...(mayGrant && { onNewLink: setLinked })}
            {...(mayGrant && accountId !== null && { onChangeRole: setPromoted })}
          />
        )}
      </Listing>
      <InviteModal accountId={accountId} opened={inviting} onClose={invite.close} onInvited={changed} />
      <NewLinkModal person={linked} onClose={() => setLinked(null)} />
      <RoleModal person={promoted} onClose={() => setPromoted(null)} onChanged={changed} />
      <ConfirmModal
        opened={removed !== null}
        onClose={() => setRemoved(null)}
        title={`Remove ${removed?.name ?? ''}?`}
        action="Remove"
        onConfirm={async () => {
          if (!removed) return;
          await removePerson(removed.id);
          await changed();
        }}
      >
        {removed?.email} loses access {accountId === null ? 'to the gateway' : 'to this account'} at once.
        {removed?.personId === me && ' That is you.'} What was done stays in the audit log.
      </ConfirmModal>
    </>
  );
}
