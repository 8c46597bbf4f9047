import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteWebhook, type Waiting, type Webhook, waitingQuery } from '../../api/webhooks.ts';
import { ConfirmModal } from '../confirm-modal.tsx';
import { kindOf, reportsOf } from '../webhook-words.ts';
import { rememberDeleted } from './deleted.ts';
import { useRestore } from './use-restore.ts';

export interface DeleteWebhookProps {
  /** `null`: nothing is asked. */
  readonly webhook: Webhook | null;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Asks whether a webhook shall go, says what stops with it, and offers the way back afterwards. */
export function DeleteWebhook({ webhook, onClose, onDeleted }: DeleteWebhookProps) {
  const queryClient = useQueryClient();
  const restore = useRestore();
  const { data: waiting } = useQuery({ ...waitingQuery(webhook?.id ?? ''), enabled: webhook !== null });

  async function remove(gone: Webhook) {
    await deleteWebhook(gone.id);
    rememberDeleted(gone, Date.now());
    onDeleted?.();
    const notice = `deleted-${gone.id}`;
    notifications.show({
      id: notice,
      title: 'Webhook deleted',
      autoClose: 20_000,
      message: (
        <Group justify="space-between" wrap="nowrap" align="flex-end">
          <Text size="sm" className="exact" lineClamp={2}>
            {gone.url}
          </Text>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(notice);
              restore.mutate(gone.id);
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    });
    await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
  }

  return (
    <ConfirmModal
      opened={webhook !== null}
      onClose={onClose}
      title="Delete this webhook?"
      action="Delete"
      onConfirm={async () => {
        if (webhook) await remove(webhook);
      }}
    >
      {webhook && <WhatStops webhook={webhook} waiting={waiting} />}
    </ConfirmModal>
  );
}

interface WhatStopsProps {
  readonly webhook: Webhook;
  readonly waiting: Waiting | undefined;
}

function WhatStops({ webhook, waiting }: WhatStopsProps) {
  return (
    <Stack gap="xs">
      <Text>
        <b>{kindOf(webhook)}</b> to <span className="exact">{webhook.url}</span>
      </Text>
      <Text>
        Its endpoint gets no more {reportsOf(webhook)}. {waitingWords(waiting)} Its history stays.
      </Text>
      <Text className="muted" size="sm">
        You can undo this for 10 minutes. What comes in meanwhile is not sent, also not afterwards.
      </Text>
    </Stack>
  );
}

/** What becomes of what has not been delivered. */
export function waitingWords(waiting: Waiting | undefined): string {
  if (waiting === undefined) return 'What waits for it is not sent.';
  if (waiting.count === 0) return 'Nothing waits for it now.';
  if (waiting.more) return `More than ${waiting.count} deliveries that wait for it are not sent.`;
  if (waiting.count === 1) return 'One delivery that waits for it is not sent.';
  return `${waiting.count} deliveries that wait for it are not sent.`;
}
