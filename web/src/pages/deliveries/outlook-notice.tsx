import { Alert, Stack, Text } from '@mantine/core';
import type { Attempt, DeliveryDetail } from '../../api/deliveries.ts';
import type { Webhook } from '../../api/webhooks.ts';
import { Instant, timeAgo } from '../../ui/instant.tsx';
import { useNow } from '../../ui/use-now.ts';
import { outlookOf, scheduleWords } from './schedule.ts';

const colours = {
  pending: 'gray',
  retrying: 'yellow',
  failed: 'red',
  skipped: 'gray',
  delivered: 'green',
} as const;

export interface OutlookNoticeProps {
  readonly delivery: DeliveryDetail;
  readonly attempts: readonly Attempt[];
  readonly webhook: Webhook | null;
}

/** The next attempt and why; or why there is none. */
export function OutlookNotice({ delivery, attempts, webhook }: OutlookNoticeProps) {
  const now = useNow();
  const known = webhook && {
    status: webhook.status,
    maxAttempts: webhook.settings.retry?.maxAttempts ?? null,
  };
  const outlook = outlookOf(delivery, attempts, known);
  if (!outlook) return null;
  const { title, at, why } = outlook;
  return (
    <Alert color={colours[delivery.state]} variant="light" title={title} p="sm">
      <Stack gap={4}>
        {at !== null && (
          <Text size="sm" fw={600}>
            {Date.parse(at) > now ? capital(timeAgo(Date.parse(at), now)) : 'Due now: it waits for its turn'}
            {' · '}
            <Instant at={at} />
          </Text>
        )}
        {why.map((sentence) => (
          <Text key={sentence} size="sm">
            {sentence}
          </Text>
        ))}
        {delivery.state === 'retrying' && (
          <Text size="xs" className="muted">
            The pauses of the schedule: {scheduleWords()}.
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
