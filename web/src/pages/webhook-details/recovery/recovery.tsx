import { Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { tasksQuery } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';
import { Loading } from '../../../ui/loading.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { RecoverForm } from './recover-form.tsx';

import { tasksOf } from './tasks.ts';
import { WebhookTask } from './webhook-task.tsx';

/** Sends again what the webhook missed, and shows how far that is. */
export function Recovery({ webhook }: { readonly webhook: Webhook }) {
  const { data, error, isPending, refetch } = useQuery(tasksQuery(webhook.accountId));
  const tasks = tasksOf(data?.data ?? [], webhook.id).slice(0, 5);
  return (
    <Stack gap="md" maw={820}>
      <Card withBorder padding="md">
        <Stack gap="sm">
          <Title order={2} size="h5">
            Send again what was missed
          </Title>
          <Text size="sm">
            Finds the deliveries of this webhook that failed for good and sends them again, oldest first, with
            the same webhook-id, behind what is new. What still waits or is tried again goes by itself and
            needs nothing.
          </Text>
          <RecoverForm webhook={webhook} />
        </Stack>
      </Card>
      <Title order={2} size="h5">
        Tasks of this webhook
      </Title>
      {isPending && <Loading rows={2} />}
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data && tasks.length === 0 && (
        <Text size="sm" className="muted">
          Nothing was sent again yet.
        </Text>
      )}
      {tasks.map((task) => (
        <WebhookTask key={task.id} task={task} />
      ))}
    </Stack>
  );
}
