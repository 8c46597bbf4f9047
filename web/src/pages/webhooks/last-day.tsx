import { Skeleton, Text } from '@mantine/core';
import type { WebhookActivity } from '../../api/webhooks.ts';
import { Sparkline } from '../../ui/charts/sparkline.tsx';
import { formatRate } from '../../ui/webhook-words.ts';
import { activityWords } from './rows.ts';
import type { ActivityState } from './webhook-list.tsx';
import classes from './webhooks.module.css';

export interface LastDayProps {
  readonly activity: WebhookActivity | undefined;
  readonly state: ActivityState;
}

/** The success rate of the last 24 hours, and their bars. */
export function LastDay({ activity, state }: LastDayProps) {
  if (state === 'loading') return <Skeleton height={24} width={80} />;
  if (state === 'unknown') {
    return (
      <Text size="sm" className="muted">
        not known
      </Text>
    );
  }
  const rate = activity?.successRate ?? null;
  return (
    <div className={classes.day}>
      <span className={`${classes.rate} ${rate === null ? 'muted' : ''}`}>
        {rate === null ? '—' : formatRate(rate)}
      </span>
      <Sparkline buckets={activity?.buckets ?? []} label={activityWords(activity)} />
    </div>
  );
}
