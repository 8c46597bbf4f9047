import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { addPerson, type InvitedPerson } from '../../api/people.ts';
import type { Role } from '../../session/session.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { RoleChoice } from './role-choice.tsx';

export interface InviteFormProps {
  /** To which account; `null`: as an operator. */
  readonly accountId: string | null;
  readonly onInvited: (person: InvitedPerson) => void;
}

export function InviteForm({ accountId, onInvited }: InviteFormProps) {
  const form = useForm({
    initialValues: {
      name: '',
      email: '',
      role: (accountId === null ? 'operator' : 'developer') as Role,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Type their name.' : null),
      email: (value) => (value.includes('@') ? null : 'Type an e-mail address.'),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(
    form,
    (values) => addPerson({ ...values, ...(accountId !== null && { accountId }) }),
    onInvited,
  );

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail address"
          description="They sign in with it. No mail is sent: you hand on a link."
          type="email"
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        {accountId === null ? (
          <Alert color="orange" title="Operators may do everything">
            They see all accounts with their messages, and can delete any of them.
          </Alert>
        ) : (
          <RoleChoice {...form.getInputProps('role')} />
        )}
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Make the invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
