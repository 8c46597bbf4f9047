import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type KeepName, type Retention, setKeep } from '../../api/retention.ts';
import { keptFor } from '../../ui/kept/kept-words.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { type KeepRow, wrongDays } from './keep-rows.ts';

export interface ChangeKeepModalProps {
  readonly accountId: string;
  readonly retention: Retention | undefined;
  /** The time to change; `null`: none. */
  readonly row: KeepRow | null;
  readonly onClose: () => void;
  readonly onChanged: () => unknown;
}

export function ChangeKeepModal({ row, retention, ...others }: ChangeKeepModalProps) {
  return (
    <Modal
      opened={row !== null}
      onClose={others.onClose}
      title={`How long is kept: ${row?.label ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {row && retention && row.name !== 'auditDays' && (
        <KeepForm key={row.name} row={row} name={row.name} retention={retention} {...others} />
      )}
    </Modal>
  );
}

interface KeepFormProps extends Omit<ChangeKeepModalProps, 'row' | 'retention'> {
  readonly row: KeepRow;
  readonly name: KeepName;
  readonly retention: Retention;
}

function KeepForm({ accountId, row, name, retention, onClose, onChanged }: KeepFormProps) {
  const { label, description, time } = row;
  const [value, setValue] = useState<number | string>(time.days);
  const [wrong, setWrong] = useState<string | null>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (own: number | null) => setKeep(accountId, name, own),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  function save(event: FormEvent) {
    event.preventDefault();
    const problem = wrongDays(value, name, retention);
    setWrong(problem);
    if (problem === null) mutate(Number(value));
  }
  const shorter = typeof value === 'number' && value !== 0 && (time.days === 0 || value < time.days);
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="md">
        <Text size="sm">{description}</Text>
        <NumberInput
          data-autofocus
          label={`${label}: days, for this account alone`}
          description={`0 keeps it for ever. All accounts: ${keptFor(time.ofAll)}.`}
          value={value}
          onChange={setValue}
          min={0}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          error={wrong}
        />
        {shorter && <Text size="sm">What is older than {value} days goes, and does not come back.</Text>}
        {error && <ProblemNotice error={error} />}
        <Group justify="space-between">
          <Button variant="default" disabled={time.own === null || isPending} onClick={() => mutate(null)}>
            As all accounts
          </Button>
          <Button type="submit" loading={isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
