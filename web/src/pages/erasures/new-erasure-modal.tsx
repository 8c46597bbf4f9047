import { Button, Group, Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createErasure } from '../../api/erasures.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface NewErasureModalProps {
  /** `null`: in all accounts. */
  readonly accountId: string | null;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: () => unknown;
}

export function NewErasureModal({ opened, onClose, ...others }: NewErasureModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Erase a person"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <NewErasureForm {...others} onClose={onClose} />
    </Modal>
  );
}

type By = 'mobileNumber' | 'userId' | 'messageId';

const choices: readonly { readonly value: By; readonly label: string }[] = [
  { value: 'mobileNumber', label: 'Phone number' },
  { value: 'userId', label: 'WhatsApp user id' },
  { value: 'messageId', label: 'Message id' },
];
const hints: Readonly<Record<By, string>> = {
  mobileNumber: 'A whole number with its country code, in any spelling.',
  userId: 'As the events have it: US.1349…',
  messageId: 'Of one message, as the events have it.',
};

function NewErasureForm({ accountId, onClose, onMade }: Omit<NewErasureModalProps, 'opened'>) {
  const form = useForm<{
    by: By;
    mobileNumber: string;
    userId: string;
    messageId: string;
    waiting: 'deliver' | 'drop';
  }>({
    initialValues: { by: 'mobileNumber', mobileNumber: '', userId: '', messageId: '', waiting: 'deliver' },
    validate: (values) => (values[values.by].trim() === '' ? { [values.by]: 'Say who is meant' } : {}),
  });
  const { by } = form.values;
  const { onSubmit, busy, problem } = useSubmit(
    form,
    (values) =>
      createErasure({
        [values.by]: values[values.by].trim(),
        waiting: values.waiting,
        ...(accountId === null ? {} : { accountId }),
      }),
    () => {
      onMade();
      onClose();
    },
  );

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Select
          label="Found by"
          data={choices}
          allowDeselect={false}
          value={by}
          onChange={(value) => form.setFieldValue('by', (value ?? 'mobileNumber') as By)}
        />
        <TextInput
          key={by}
          data-autofocus
          label={choices.find(({ value }) => value === by)?.label}
          description={hints[by]}
          inputMode={by === 'mobileNumber' ? 'tel' : 'text'}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps(by)}
        />
        <Radio.Group label="What waits to be delivered" {...form.getInputProps('waiting')}>
          <Stack gap="xs" mt="xs">
            <Radio value="deliver" label="is delivered first, within three days" />
            <Radio value="drop" label="is dropped: it is never sent" />
          </Stack>
        </Radio.Group>
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" color="red" loading={busy}>
            Erase for good
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
