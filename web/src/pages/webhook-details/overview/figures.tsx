import { Card, SimpleGrid, Text } from '@mantine/core';
import type { StatsFigures } from '../../../api/webhooks.ts';
import { duration } from '../../../ui/response-view.tsx';
import { formatRate } from '../../../ui/webhook-words.ts';

const count = new Intl.NumberFormat('en');

/** What happened in the whole range. */
export function Figures({ total }: { readonly total: StatsFigures }) {
  const ended = total.delivered + total.failed;
  const { p50, p95 } = total.latencyMs;
  const tiles = [
    { label: 'Delivered', value: count.format(total.delivered) },
    { label: 'Failed for good', value: count.format(total.failed) },
    { label: 'Success', value: ended === 0 ? '—' : formatRate(total.delivered / ended) },
    { label: 'Attempts', value: count.format(total.attempts) },
    { label: 'Half delivered within', value: p50 === null ? '—' : duration(p50) },
    { label: '95 % delivered within', value: p95 === null ? '—' : duration(p95) },
  ];
  return (
    <SimpleGrid component="dl" cols={{ base: 2, xs: 3 }} spacing="sm" m={0}>
      {tiles.map(({ label, value }) => (
        <Card key={label} withBorder padding="sm">
          <Text component="dt" size="xs" className="muted">
            {label}
          </Text>
          <Text component="dd" fz="xl" fw={650} m={0} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
