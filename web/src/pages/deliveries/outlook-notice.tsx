import { Stack, Text, Title } from '@mantine/core';
import type { Catalog } from '../../api/catalog.ts';
import type { Attempt, DeliveryDetail } from '../../api/deliveries.ts';
import type { Webhook } from '../../api/webhooks.ts';
import { Instant, timeAgo } from '../../ui/instant.tsx';
import { schedulePauses } from '../../ui/pause-words.ts';
import { useNow } from '../../ui/use-now.ts';
import classes from './deliveries.module.css';
import { outlookOf } from './schedule.ts';

export interface OutlookNoticeProps {
  readonly delivery: DeliveryDetail;
  readonly attempts: readonly Attempt[];
  readonly webhook: Webhook | null;
  readonly catalog: Catalog | undefined;
}

/** The next attempt and why; or why there is none. */
export function OutlookNotice({ delivery, attempts, webhook, catalog }: OutlookNoticeProps) {
  const now = useNow();
  const known = webhook && {
    status: webhook.status,
    failing: webhook.failingSince !== null,
    maxAttempts: webhook.settings.retry?.maxAttempts ?? null,
  };
  const titleOf = (errorClass: string) =>
    catalog?.errorClasses.find(({ id }) => id === errorClass)?.title ?? errorClass;
  const outlook = outlookOf(delivery, attempts, known, titleOf);
  if (!outlook) return null;
  const { title, at, why } = outlook;
  return (
    <section className={classes.outlook} data-state={delivery.state} aria-label="What comes next">
      <Stack gap={4}>
        <Title order={3} size="h6">
          {title}
        </Title>
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
            The pauses of the schedule: {schedulePauses.join(', ')}.
          </Text>
        )}
      </Stack>
    </section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
