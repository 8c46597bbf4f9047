import { Group, Stack, Table, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import classes from './charts.module.css';
import { Plot } from './plot.tsx';
import type { ChartSeries, TimeChartProps } from './series.ts';

/** A chart over time with its legend, and the same as a table for whoever cannot see it. */
export function TimeChart(props: TimeChartProps) {
  const { title, note, times, bucketMs, series, format } = props;
  const scheme = useComputedColorScheme('light');
  const [at, setAt] = useState<number | null>(null);
  const timeWords = useMemo(() => bucketWords(bucketMs), [bucketMs]);
  const pointed = at === null ? undefined : times[at];

  return (
    <figure className={classes.figure} aria-label={title}>
      <Stack gap={6}>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
          <Title order={2} size="h5">
            {title}
          </Title>
          <Text size="xs" className="muted" aria-hidden="true">
            {pointed === undefined ? note : timeWords(pointed)}
          </Text>
        </Group>
        {isEmpty(series) ? (
          <div className={classes.nothing}>Nothing in this time</div>
        ) : (
          <div aria-hidden="true">
            <Plot {...props} scheme={scheme} onPoint={setAt} />
          </div>
        )}
        <Group gap="md" component="figcaption">
          {series.map(({ label, colour, values }) => {
            const value = at === null ? null : values[at];
            return (
              <Group key={label} gap={6} wrap="nowrap">
                <span
                  className={classes.swatch}
                  style={{ background: `var(--mantine-color-${colour[scheme]})` }}
                />
                <Text size="xs">
                  {label}
                  {pointed !== undefined && (
                    <b> {value === null || value === undefined ? '—' : format(value)}</b>
                  )}
                </Text>
              </Group>
            );
          })}
        </Group>
        <AsTable {...props} timeWords={timeWords} />
      </Stack>
    </figure>
  );
}

function isEmpty(series: readonly ChartSeries[]): boolean {
  return series.every(({ values }) => values.every((value) => value === null || value === 0));
}

interface AsTableProps extends TimeChartProps {
  readonly timeWords: (at: number) => string;
}

/** Buckets in which nothing happened are left out. */
function AsTable({ title, times, series, format, timeWords }: AsTableProps) {
  const [opened, setOpened] = useState(false);
  const filled = times
    .map((at, index) => ({ at, values: series.map(({ values }) => values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value !== 0));
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <Text component="summary" size="xs" className="muted" style={{ cursor: 'pointer' }}>
        As a table
      </Text>
      {opened && filled.length === 0 && (
        <Text size="xs" className="muted" mt={4}>
          Nothing happened in this time.
        </Text>
      )}
      {opened && filled.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <section className={classes.table} tabIndex={0} aria-label={`${title} as a table`}>
          <Table fz="xs" verticalSpacing={2}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Time</Table.Th>
                {series.map(({ label }) => (
                  <Table.Th key={label}>{label}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {filled.map(({ at, values }) => (
                <Table.Tr key={at}>
                  <Table.Td>{timeWords(at)}</Table.Td>
                  {values.map((value, index) => (
                    <Table.Td key={series[index]?.label}>{value === null ? '—' : format(value)}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </details>
  );
}

/** Names a bucket: a minute and an hour in the reader's own time, a day as the day of UTC that it is. */
function bucketWords(bucketMs: number): (at: number) => string {
  const format =
    bucketMs >= 86_400_000
      ? new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
      : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (at) => format.format(at);
}
