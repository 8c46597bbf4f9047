import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { rotateSecret, type SigningSecrets } from '../../../api/webhooks.ts';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';

export interface RotateSecretProps {
  readonly webhookId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onRotated: (secrets: SigningSecrets) => void;
}

const usualHours = 24;
const mostHours = 168;

/** Makes a new secret, and says what happens to the old one meanwhile. */
export function RotateSecret({ webhookId, opened, onClose, onRotated }: RotateSecretProps) {
  const [hours, setHours] = useState<number | string>(usualHours);
  const overlap = Number(hours);
  const valid = hours !== '' && Number.isFinite(overlap) && overlap >= 0 && overlap <= mostHours;
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => rotateSecret(webhookId, overlap),
    onSuccess: (secrets) => {
      notifications.show({ color: 'teal', message: 'The new secret signs from now on.' });
      onRotated(secrets);
      onClose();
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (valid) mutate();
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Change the signing secret"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            A new secret is made and signs at once. For the overlap, requests carry two signatures, one of
            each secret, so that the endpoint can be given the new one without losing a report.
          </Text>
          <NumberInput
            label="Overlap in hours"
            description={overlapWords(valid ? overlap : null)}
            value={hours}
            onChange={setHours}
            min={0}
            max={mostHours}
            clampBehavior="strict"
            error={valid ? null : `Must be from 0 to ${mostHours}.`}
            data-autofocus
          />
          {error && <ProblemNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={!valid}>
              Change the secret
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What an overlap means for whoever runs the endpoint. */
export function overlapWords(hours: number | null): string {
  if (hours === null) return 'How long the old secret signs too.';
  if (hours === 0) {
    return 'The old secret stops now: an endpoint that still has it refuses every report. For a secret that leaked.';
  }
  return `Give the endpoint the new secret within ${hours === 1 ? 'an hour' : `${hours} hours`}; until then it accepts either.`;
}
