import { Stack } from '@mantine/core';
import type { Webhook } from '../../api/webhooks.ts';
import { Configuration } from './configuration/configuration.tsx';
import classes from './details.module.css';
import { LatestDeliveries } from './overview/latest-deliveries.tsx';
import { Overview } from './overview/overview.tsx';

/** What View Details opens with: the whole configuration, beside it the figures, below the latest deliveries. */
export function Details({ webhook }: { readonly webhook: Webhook }) {
  return (
    <Stack gap="lg">
      <div className={classes.columns}>
        <Configuration webhook={webhook} />
        <Overview webhook={webhook} />
      </div>
      <LatestDeliveries webhook={webhook} />
    </Stack>
  );
}
