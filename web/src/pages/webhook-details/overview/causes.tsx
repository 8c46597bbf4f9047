import { Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { catalogQuery } from '../../../api/catalog.ts';
import type { StatsFigures } from '../../../api/webhooks.ts';
import { causesOf } from './chart-data.ts';

export interface CausesProps {
  readonly errors: StatsFigures['errors'];
  readonly attempts: number;
}

const count = new Intl.NumberFormat('en');

/** Why attempts failed, most frequent first. */
export function Causes({ errors, attempts }: CausesProps) {
  const { data: catalog } = useQuery(catalogQuery);
  const causes = causesOf(errors);
  const titleOf = (id: string) => catalog?.errorClasses.find((known) => known.id === id)?.title ?? id;
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Why attempts failed
      </Title>
      {causes.length === 0 ? (
        <Text size="sm" className="muted">
          {attempts === 0 ? 'Nothing was sent in this time.' : 'No attempt failed in this time.'}
        </Text>
      ) : (
        causes.map(({ id, count: times, share }) => (
          <Stack key={id} gap={2}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm">{titleOf(id)}</Text>
              <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
                {count.format(times)}
              </Text>
            </Group>
            <Progress value={share * 100} color="red" size="sm" aria-label={`${titleOf(id)}: share of all`} />
          </Stack>
        ))
      )}
    </Stack>
  );
}
