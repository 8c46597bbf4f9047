import { Tooltip } from '@mantine/core';
import type { Webhook } from '../api/webhooks.ts';
import { timeAgo } from './instant.tsx';
import classes from './state-badge.module.css';
import { type Condition, conditionOf } from './webhook-words.ts';

/** The colours of the states of deliveries. */
const states: { readonly [T in Condition['tone']]: string } = {
  good: 'delivered',
  bad: 'failed',
  off: 'skipped',
};

export interface WebhookStatusProps {
  readonly webhook: Pick<Webhook, 'status' | 'disabledReason' | 'failingSince'>;
}

/** Enabled, failing or disabled, and why. */
export function WebhookStatus({ webhook }: WebhookStatusProps) {
  const { label, tone, why, since } = conditionOf(webhook);
  const words = since === null ? why : `${why} It began to fail ${timeAgo(Date.parse(since), Date.now())}.`;
  return (
    <Tooltip label={words} multiline maw={280}>
      <span className={classes.badge} data-state={states[tone]}>
        {label}
      </span>
    </Tooltip>
  );
}
