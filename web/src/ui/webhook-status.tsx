import { Badge, Tooltip } from '@mantine/core';
import type { Webhook } from '../api/webhooks.ts';
import { timeAgo } from './instant.tsx';
import { type Condition, conditionOf } from './webhook-words.ts';

const colours: { readonly [T in Condition['tone']]: string } = { good: 'teal', bad: 'red', off: 'gray' };

export interface WebhookStatusProps {
  readonly webhook: Pick<Webhook, 'status' | 'disabledReason' | 'failingSince'>;
}

/** Enabled, failing or disabled, and why. */
export function WebhookStatus({ webhook }: WebhookStatusProps) {
  const { label, tone, why, since } = conditionOf(webhook);
  const words = since === null ? why : `${why} Since ${timeAgo(Date.parse(since), Date.now())}.`;
  return (
    <Tooltip label={words} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Badge color={colours[tone]} variant="light" tt="none" tabIndex={0} miw={74}>
        {label}
      </Badge>
    </Tooltip>
  );
}
