import { Card, Group, Stack, Text } from '@mantine/core';
import { TextLink } from '../links.tsx';
import { WebhookStatus } from '../webhook-status.tsx';
import { kindOf } from '../webhook-words.ts';
import { LastDay } from './last-day.tsx';
import type { WebhookListProps } from './list-props.ts';
import { RowActions } from './row-actions.tsx';
import { numberWords } from './rows.ts';
import classes from './webhook-list.module.css';

/** The table's rows where it would not fit. */
export function WebhookCards({ rows, activityState, mayWrite, onDelete }: WebhookListProps) {
  return (
    <Stack gap="sm" component="ul" aria-label="Webhooks" p={0} m={0} className={classes.cards ?? ''}>
      {rows.map(({ webhook, activity }) => (
        <Card key={webhook.id} component="li" withBorder padding="sm">
          <Stack gap={6}>
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Text fw={600} size="sm">
                {kindOf(webhook)} <span className="muted">· {webhook.method}</span>
              </Text>
              <WebhookStatus webhook={webhook} />
            </Group>
            <TextLink
              to="/a/$accountId/webhooks/$webhookId"
              params={{ accountId: webhook.accountId, webhookId: webhook.id }}
              className="exact"
              size="sm"
            >
              {webhook.url}
            </TextLink>
            {webhook.description && (
              <Text size="sm" className="muted">
                {webhook.description}
              </Text>
            )}
            <Text size="xs" className="muted">
              <span className="exact">{webhook.id}</span>
              {webhook.product === 'whatsapp' && ` · ${numberWords(webhook)}`}
            </Text>
            <div className={classes.card}>
              <div>
                <Text size="xs" className="muted">
                  Success, 24 h
                </Text>
                <LastDay activity={activity} state={activityState} />
              </div>
              <RowActions webhook={webhook} mayWrite={mayWrite} onDelete={onDelete} />
            </div>
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}
