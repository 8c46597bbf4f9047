import { Badge, Button, Group, Table, Text } from '@mantine/core';
import type { Limit } from '../../api/limits.ts';
import { isReached, valueInWords } from './limit-words.ts';

export interface LimitsTableProps {
  readonly limits: readonly Limit[];
  /** Not given: whoever looks may not change them. */
  readonly onChange?: (limit: Limit) => void;
}

export function LimitsTable({ limits, onChange }: LimitsTableProps) {
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Limit</Table.Th>
            <Table.Th ta="right">In use</Table.Th>
            <Table.Th ta="right">Allowed</Table.Th>
            {onChange && <Table.Th ta="right">Action</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {limits.map((limit) => (
            <Table.Tr key={limit.name}>
              <Table.Th scope="row" fw={500}>
                {limit.label}
                <Text size="xs" className="muted" maw={460}>
                  {limit.description}
                </Text>
              </Table.Th>
              <Table.Td ta="right">
                <Group gap={8} justify="flex-end" wrap="nowrap">
                  {isReached(limit) && (
                    <Badge color="orange" variant="light">
                      Reached
                    </Badge>
                  )}
                  {limit.used === null ? 'Not counted' : limit.used.toLocaleString('en')}
                </Group>
              </Table.Td>
              <Table.Td ta="right">
                {valueInWords(limit.value)}
                {limit.own !== null && (
                  <Text size="xs" className="muted">
                    this account’s own
                  </Text>
                )}
              </Table.Td>
              {onChange && (
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Change the limit: ${limit.label}`}
                    onClick={() => onChange(limit)}
                  >
                    Change
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
