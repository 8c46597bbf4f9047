import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type Account, renameAccount } from '../../api/accounts.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface RenameAccountModalProps {
  /** The account to rename; `null`: none. */
  readonly account: Account | null;
  readonly onClose: () => void;
  readonly onRenamed: () => unknown;
}

export function RenameAccountModal({ account, onClose, onRenamed }: RenameAccountModalProps) {
  return (
    <Modal
      opened={account !== null}
      onClose={onClose}
      title="Rename the account"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {account && <RenameForm account={account} onClose={onClose} onRenamed={onRenamed} />}
    </Modal>
  );
}

function RenameForm({
  account,
  onClose,
  onRenamed,
}: RenameAccountModalProps & { readonly account: Account }) {
  const form = useForm({
    initialValues: { name: account.name },
    validate: { name: (value) => (value.trim() === '' ? 'Type a name.' : null) },
  });
  const { onSubmit, busy, problem } = useSubmit(
    form,
    ({ name }) => renameAccount(account.id, name.trim()),
    async () => {
      await onRenamed();
      onClose();
    },
  );
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="Its id stays, so programs notice nothing."
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
