import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Webhook } from '../../api/webhooks.ts';
import { Configuration } from './configuration/configuration.tsx';
import classes from './details.module.css';
import { LatestDeliveries } from './overview/latest-deliveries.tsx';
import { Overview } from './overview/overview.tsx';

interface DetailsProps {
  readonly webhook: Webhook;
  /** Why nothing arrives, where that is so. */
  readonly outage: ReactNode;
}

/** What View Details opens with: the whole configuration, beside it the figures, below the latest deliveries. */
export function Details({ webhook, outage }: DetailsProps) {
  return (
    <Stack gap="lg">
      <div className={classes.columns}>
        <Configuration webhook={webhook} />
        <div className={classes.beside}>
          <div className={classes.outage}>{outage}</div>
          <Overview webhook={webhook} />
        </div>
      </div>
      <LatestDeliveries webhook={webhook} />
    </Stack>
  );
}
