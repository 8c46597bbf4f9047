import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { InvitedPerson } from '../../api/people.ts';
import { HandOnLink } from './hand-on-link.tsx';
import { InviteForm } from './invite-form.tsx';

export interface InviteModalProps {
  /** To which account; `null`: as an operator. */
  readonly accountId: string | null;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onInvited: () => unknown;
}

/** Asks whom, then shows the link to hand on: the gateway sends no mail. */
export function InviteModal({ accountId, opened, onClose, onInvited }: InviteModalProps) {
  const [invited, setInvited] = useState<InvitedPerson | null>(null);
  function close() {
    onClose();
    setInvited(null);
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={titleOf(accountId, invited)}
      size="lg"
      closeOnClickOutside={invited === null}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {invited === null ? (
        <InviteForm
          accountId={accountId}
          onInvited={(person) => {
            setInvited(person);
            onInvited();
          }}
        />
      ) : (
        <Stack gap="md">
          {invited.link !== null && invited.linkExpiresAt !== null ? (
            <HandOnLink name={invited.name} link={invited.link} expiresAt={invited.linkExpiresAt} />
          ) : (
            <Text size="sm">
              {invited.name} can sign in already, and finds it there. Nothing has to be handed on.
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function titleOf(accountId: string | null, invited: InvitedPerson | null): string {
  if (invited) return invited.link === null ? 'Added' : 'Hand on the invitation';
  return accountId === null ? 'Add an operator' : 'Invite to this account';
}
