import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { recoverWebhook } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';
import { isoOf, localText } from '../../../ui/local-time.ts';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';

export interface RecoverFormProps {
  readonly webhook: Webhook;
  /** From when, ms; where nobody knows better the last 24 hours. */
  readonly since?: number | undefined;
  readonly onStarted?: (taskId: string) => void;
}

/** From when on, and what: starts the task. */
export function RecoverForm({ webhook, since, onStarted }: RecoverFormProps) {
  const queryClient = useQueryClient();
  const [from, setFrom] = useState(() =>
    localText(new Date(since ?? startOf(webhook, Date.now())).toISOString()),
  );
  const [skipped, setSkipped] = useState(false);
  const fromIso = isoOf(from);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (at: string) =>
      recoverWebhook(webhook.id, {
        from: at,
        states: skipped ? ['failed', 'skipped'] : ['failed'],
      }),
    onSuccess: async (taskId) => {
      notifications.show({ color: 'teal', message: 'Started. It goes on if you leave this page.' });
      await queryClient.invalidateQueries({ queryKey: ['tasks', webhook.accountId] });
      onStarted?.(taskId);
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (fromIso !== '') mutate(fromIso);
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          type="datetime-local"
          step={1}
          label="Accepted since"
          description="In your own time zone."
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={fromIso === '' ? 'Give a date and a time.' : null}
          w={{ base: '100%', xs: 260 }}
        />
        <Checkbox
          label="Also what was skipped"
          description="What was not sent because the webhook did not want it then, or was deleted."
          checked={skipped}
          onChange={(event) => setSkipped(event.currentTarget.checked)}
        />
        {error && <ProblemNotice error={error} />}
        <Group>
          <Button type="submit" loading={isPending} disabled={fromIso === ''}>
            Send again
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Since when something may be missing: since it fails, else a day. */
export function startOf({ failingSince }: Webhook, now: number): number {
  return failingSince === null ? now - 86_400_000 : Date.parse(failingSince);
}
