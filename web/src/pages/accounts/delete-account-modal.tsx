import { List, Text } from '@mantine/core';
import { type Account, deleteAccount } from '../../api/accounts.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';

export interface DeleteAccountModalProps {
  /** The account to delete; `null`: none. */
  readonly account: Account | null;
  readonly onClose: () => void;
  readonly onDeleted: (id: string) => unknown;
}

export function DeleteAccountModal({ account, onClose, onDeleted }: DeleteAccountModalProps) {
  return (
    <ConfirmModal
      opened={account !== null}
      onClose={onClose}
      title={`Delete “${account?.name ?? ''}”?`}
      action="Delete the account"
      typed={{ label: `Type ${account?.id ?? ''} to confirm`, text: account?.id ?? '' }}
      onConfirm={async () => {
        if (!account) return;
        await deleteAccount(account.id);
        await onDeleted(account.id);
      }}
    >
      <Text size="sm" mb="xs">
        This cannot be undone. At once:
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>its webhooks end, and what waits for delivery is not sent</List.Item>
        <List.Item>its API keys are refused, so its programs stop</List.Item>
        <List.Item>its people lose their access, and its numbers are gone</List.Item>
        <List.Item>nobody sees its events any more; all of it is removed behind that</List.Item>
      </List>
    </ConfirmModal>
  );
}
