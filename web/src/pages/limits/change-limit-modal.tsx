import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Limit, setLimit } from '../../api/limits.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { valueInWords, wrongValue } from './limit-words.ts';

export interface ChangeLimitModalProps {
  readonly accountId: string;
  /** The limit to change; `null`: none. */
  readonly limit: Limit | null;
  readonly onClose: () => void;
  readonly onChanged: () => unknown;
}

export function ChangeLimitModal({ limit, ...others }: ChangeLimitModalProps) {
  return (
    <Modal
      opened={limit !== null}
      onClose={others.onClose}
      title={`Change the limit: ${limit?.label ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {limit && <LimitForm key={limit.name} limit={limit} {...others} />}
    </Modal>
  );
}

function LimitForm({
  accountId,
  limit,
  onClose,
  onChanged,
}: ChangeLimitModalProps & { readonly limit: Limit }) {
  const [value, setValue] = useState<number | string>(limit.value ?? '');
  const [wrong, setWrong] = useState<string | null>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (own: number | null) => setLimit(accountId, limit.name, own),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  function save(event: FormEvent) {
    event.preventDefault();
    const problem = wrongValue(value, limit);
    setWrong(problem);
    if (problem === null) mutate(Number(value));
  }
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="md">
        <Text size="sm">{limit.description}</Text>
        <NumberInput
          data-autofocus
          label={`${limit.label}, for this account alone`}
          description={`All accounts: ${valueInWords(limit.ofAll)}. In use now: ${limit.used ?? 'not counted'}. What is over a new limit stays.`}
          value={value}
          onChange={setValue}
          min={limit.least}
          max={limit.most}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          error={wrong}
        />
        {error && <ProblemNotice error={error} />}
        <Group justify="space-between">
          <Button variant="default" disabled={limit.own === null || isPending} onClick={() => mutate(null)}>
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
