import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { makePasswordLink, type Person } from '../../api/people.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { HandOnLink } from './hand-on-link.tsx';

export interface NewLinkModalProps {
  /** For whom; `null`: for nobody. */
  readonly person: Person | null;
  readonly onClose: () => void;
}

/** A new link for somebody who lost theirs, or their password. */
export function NewLinkModal({ person, onClose }: NewLinkModalProps) {
  return (
    <Modal
      opened={person !== null}
      onClose={onClose}
      title={person?.invited ? 'A new invitation link' : 'A link for a new password'}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {person && <NewLink person={person} onClose={onClose} />}
    </Modal>
  );
}

function NewLink({ person, onClose }: NewLinkModalProps & { readonly person: Person }) {
  const { mutate, data, isPending, error } = useMutation({ mutationFn: () => makePasswordLink(person.id) });
  return (
    <Stack gap="md">
      {data ? (
        <HandOnLink name={person.name} link={data.link} expiresAt={data.expiresAt} />
      ) : (
        <Text size="sm">
          {person.invited
            ? `The link that ${person.name} has ends with it.`
            : `With the link ${person.name} sets a new password. Until then the old one still works.`}
        </Text>
      )}
      {error && <ProblemNotice error={error} />}
      <Group justify="flex-end">
        {data ? (
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        ) : (
          <Button loading={isPending} onClick={() => mutate()} data-autofocus>
            Make the link
          </Button>
        )}
      </Group>
    </Stack>
  );
}
