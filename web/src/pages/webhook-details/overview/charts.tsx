import { Card, SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { WebhookStats } from '../../../api/webhooks.ts';
import { TimeChart } from '../../../ui/charts/time-chart.tsx';
import { duration } from '../../../ui/response-view.tsx';
import { Causes } from './causes.tsx';
import { chartsOf } from './chart-data.ts';
import { bucketMs } from './range.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const formatCount = (value: number) => whole.format(value);
const formatShort = (value: number) => (Number.isInteger(value) || value >= 10 ? short.format(value) : '');

/** Outcome, volume, latency, and why attempts failed. */
export function Charts({ stats }: { readonly stats: WebhookStats }) {
  const [latency, setLatency] = useState('latencyMs');
  const charts = useMemo(() => chartsOf(stats.data), [stats]);
  const every = bucketMs[stats.bucket];
  const common = { times: charts.times, bucketMs: every };
  const note = { minute: 'by the minute', hour: 'by the hour', day: 'by the day (UTC)' }[stats.bucket];
  const toDelivered = latency === 'latencyMs';

  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 1, xl: 2 }} spacing="md">
      <Card withBorder padding="md">
        <TimeChart
          {...common}
          title="Outcome"
          note={note}
          kind="bars"
          series={charts.outcome}
          format={formatCount}
          formatAxis={formatShort}
        />
      </Card>
      <Card withBorder padding="md">
        <TimeChart
          {...common}
          title="Volume"
          note={note}
          kind="bars"
          series={charts.volume}
          format={formatCount}
          formatAxis={formatShort}
        />
      </Card>
      <Card withBorder padding="md">
        <Stack gap="xs">
          <TimeChart
            {...common}
            title="Latency"
            note={note}
            kind="lines"
            series={toDelivered ? charts.latency : charts.duration}
            format={duration}
          />
          <SegmentedControl
            size="xs"
            aria-label="Which latency"
            value={latency}
            onChange={setLatency}
            data={[
              { value: 'latencyMs', label: 'From event to delivered' },
              { value: 'durationMs', label: 'One attempt' },
            ]}
          />
        </Stack>
      </Card>
      <Card withBorder padding="md">
        <Causes errors={stats.total.errors} attempts={stats.total.attempts} />
      </Card>
    </SimpleGrid>
  );
}
