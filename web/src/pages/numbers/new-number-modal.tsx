import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createSender } from '../../api/senders.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { wrongNumber } from './wrong-number.ts';

export interface NewNumberModalProps {
  readonly accountId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onAdded: () => unknown;
}

export function NewNumberModal({ opened, onClose, ...others }: NewNumberModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Add a Waba Number"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <NewNumberForm {...others} onClose={onClose} />
    </Modal>
  );
}

function NewNumberForm({ accountId, onClose, onAdded }: Omit<NewNumberModalProps, 'opened'>) {
  const form = useForm({
    initialValues: { productUniqueId: '', label: '' },
    validate: { productUniqueId: wrongNumber },
  });
  const { onSubmit, busy, problem } = useSubmit(
    form,
    ({ productUniqueId, label }) =>
      createSender({
        accountId,
        product: 'whatsapp',
        productUniqueId,
        label: label.trim() === '' ? null : label.trim(),
      }),
    () => {
      onAdded();
      onClose();
    },
  );

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Waba Number"
          description="With its country code. Spaces, dashes and the + may stay: they are left out."
          placeholder="919876543210"
          inputMode="tel"
          autoComplete="off"
          {...form.getInputProps('productUniqueId')}
        />
        <TextInput
          label="Name"
          description="For people, and not needed."
          placeholder="Support line"
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('label')}
        />
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Add the number
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
