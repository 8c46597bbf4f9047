import { Alert, Group, Text } from '@mantine/core';
import type { Webhook, WebhookStats } from '../../../api/webhooks.ts';
import { useMay } from '../../../session/may.ts';
import { Instant } from '../../../ui/instant.tsx';
import { LinkButton } from '../../../ui/links.tsx';

/** The slowest rate that a webhook may have. */
const slowest = 0.1;

interface LearntRateProps {
  readonly webhook: Webhook;
  readonly learnt: WebhookStats['learntRate'];
}

/** What the endpoint's answers have taught of how much it takes, and the offer to go by it. */
export function LearntRate({ webhook, learnt }: LearntRateProps) {
  const may = useMay('webhooks:write');
  if (!learnt) return null;
  const { accountId, id, settings } = webhook;
  const rate = Math.max(slowest, learnt.perSecond);
  const isOffered = may && (settings.ratePerSecond === null || settings.ratePerSecond > rate);
  return (
    <Alert color="blue" title={`The endpoint takes about ${learnt.perSecond} requests a second`}>
      <Text size="sm">
        It answered that it gets too many (429 or 503), so it gets about as many as it takes. Learnt{' '}
        <Instant at={learnt.at} />.
        {isOffered && ' As a rate of the webhook it holds from the first request on, after a restart too.'}
      </Text>
      {isOffered && (
        <Group mt="xs">
          <LinkButton
            size="xs"
            variant="default"
            to="/a/$accountId/webhooks/$webhookId/edit"
            params={{ accountId, webhookId: id }}
            search={{ ratePerSecond: String(rate) }}
          >
            Use this as its rate
          </LinkButton>
        </Group>
      )}
    </Alert>
  );
}
