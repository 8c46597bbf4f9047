import { Card, Table, Text, Title } from '@mantine/core';

export interface NameTableProps {
  readonly title: string;
  readonly heads: readonly [string, string];
  readonly rows: readonly (readonly [string, string])[];
  readonly empty: string;
  readonly note?: string | undefined;
  /** The first column holds exact text too. */
  readonly exactNames?: boolean;
}

/** Pairs of a name and what belongs to it. */
export function NameTable({ title, heads, rows, empty, note, exactNames = false }: NameTableProps) {
  return (
    <Card withBorder padding="md">
      <Title order={2} size="h5" mb={6}>
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text size="sm" className="muted">
          {empty}
        </Text>
      ) : (
        <Table verticalSpacing={4} aria-label={title} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="40%">{heads[0]}</Table.Th>
              <Table.Th>{heads[1]}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td className={exactNames ? 'exact' : ''}>{name}</Table.Td>
                <Table.Td className="exact">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {note && (
        <Text size="xs" className="muted" mt={6}>
          {note}
        </Text>
      )}
    </Card>
  );
}
