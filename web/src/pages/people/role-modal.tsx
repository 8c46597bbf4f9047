import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type AccountRole, changeRole, type Person } from '../../api/people.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RoleChoice } from './role-choice.tsx';

export interface RoleModalProps {
  /** Whose role is changed; `null`: nobody's. */
  readonly person: Person | null;
  readonly onClose: () => void;
  readonly onChanged: () => unknown;
}

export function RoleModal({ person, onClose, onChanged }: RoleModalProps) {
  return (
    <Modal
      opened={person !== null}
      onClose={onClose}
      title="Change the role"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {person && <RoleForm person={person} onClose={onClose} onChanged={onChanged} />}
    </Modal>
  );
}

function RoleForm({ person, onClose, onChanged }: RoleModalProps & { readonly person: Person }) {
  const [role, setRole] = useState(person.role as AccountRole);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => changeRole(person.id, role),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  function save(event: FormEvent) {
    event.preventDefault();
    mutate();
  }
  return (
    <form onSubmit={save}>
      <Stack gap="md">
        <Text size="sm">
          {person.name}, {person.email}
        </Text>
        <RoleChoice value={role} onChange={setRole} />
        {error && <ProblemNotice error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={role === person.role}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
