import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type Account, createAccount } from '../../api/accounts.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface NewAccountModalProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (account: Account) => unknown;
}

export function NewAccountModal({ opened, ...others }: NewAccountModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={others.onClose}
      title="Create an account"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <NewAccountForm {...others} />
    </Modal>
  );
}

function NewAccountForm({ onClose, onCreated }: Omit<NewAccountModalProps, 'opened'>) {
  const form = useForm({
    initialValues: { name: '', id: '' },
    validate: { name: (value) => (value.trim() === '' ? 'Type the customer’s name.' : null) },
  });
  const { onSubmit, busy, problem } = useSubmit(
    form,
    ({ name, id }) => createAccount({ name: name.trim(), ...(id.trim() !== '' && { id: id.trim() }) }),
    async (account) => {
      await onCreated(account);
      onClose();
    },
  );

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          placeholder="Acme Retail"
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label="ID"
          description="Your own id for this customer, if programs should use it. One is made otherwise. It stays."
          placeholder="acme"
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('id')}
        />
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
