import { Button, Group, Modal, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useCallKey } from '../../../api/call-key.ts';
import { type NextSecret, rotateSecret, type SigningSecrets } from '../../../api/webhooks.ts';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';

export interface RotateSecretProps {
  readonly webhookId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onRotated: (secrets: SigningSecrets) => void;
}

type Kind = 'v1' | 'v1a' | 'own';

const kinds: readonly { readonly value: Kind; readonly label: string; readonly description: string }[] = [
  {
    value: 'v1',
    label: 'Make a shared secret',
    description: 'HMAC-SHA256 (v1). What nearly every library checks.',
  },
  {
    value: 'v1a',
    label: 'Make a key pair',
    description: 'Ed25519 (v1a). The endpoint needs the public key only, by which nobody can sign.',
  },
  {
    value: 'own',
    label: 'Use a secret that I have',
    description:
      'whsec_ and 24 to 64 bytes in base64, or a private key whsk_, from where the reports came from before.',
  },
];

const usualHours = 24;
const mostHours = 168;

/** Makes a new secret, and says what happens to the old one meanwhile. */
export function RotateSecret({ webhookId, opened, onClose, onRotated }: RotateSecretProps) {
  const [hours, setHours] = useState<number | string>(usualHours);
  const [kind, setKind] = useState<Kind>('v1');
  const [own, setOwn] = useState('');
  const keyOf = useCallKey();
  const overlap = Number(hours);
  const validHours = hours !== '' && Number.isFinite(overlap) && overlap >= 0 && overlap <= mostHours;
  const valid = validHours && (kind !== 'own' || own !== '');
  const next: NextSecret = kind === 'own' ? { secret: own.trim() } : { signature: kind };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => rotateSecret(webhookId, overlap, next, keyOf([overlap, next])),
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
            The new secret signs at once. For the overlap, requests carry two signatures, one of each secret,
            so that the endpoint can be given the new one without losing a report.
          </Text>
          <Radio.Group label="New secret" value={kind} onChange={(value) => setKind(value as Kind)}>
            <Stack gap="xs" mt="xs">
              {kinds.map(({ value, label, description }) => (
                <Radio key={value} value={value} label={label} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          {kind === 'own' && (
            <TextInput
              label="Your secret"
              classNames={{ input: 'exact' }}
              placeholder="whsec_… or whsk_…"
              autoComplete="off"
              spellCheck={false}
              value={own}
              onChange={(event) => setOwn(event.currentTarget.value)}
            />
          )}
          <NumberInput
            label="Overlap in hours"
            description={overlapWords(validHours ? overlap : null)}
            value={hours}
            onChange={setHours}
            min={0}
            max={mostHours}
            clampBehavior="strict"
            error={validHours ? null : `Must be from 0 to ${mostHours}.`}
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
