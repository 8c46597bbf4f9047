import { Button, Table, Text, Title } from '@mantine/core';
import type { Retention } from '../../api/retention.ts';
import { keptFor } from '../../ui/kept/kept-words.ts';
import { type KeepRow, keepRows } from './keep-rows.ts';

export interface KeepTableProps {
  readonly retention: Retention;
  /** Not given: whoever looks may not change them. */
  readonly onChange?: (row: KeepRow) => void;
}

/** How long things are kept, by which clock. */
export function KeepTable({ retention, onChange }: KeepTableProps) {
  return (
    <section aria-labelledby="kept">
      <Title order={2} size="h4" mt="xl" mb={4} id="kept">
        How long things are kept
      </Title>
      <Text size="sm" className="muted" maw={720} mb="sm">
        Counted from the moment that an event is accepted. What is older goes, for good.
        {!onChange && ' Whoever runs this gateway sets it.'}
      </Text>
      <Table.ScrollContainer minWidth={680}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th ta="right">Kept</Table.Th>
              {onChange && <Table.Th ta="right">Action</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keepRows(retention).map((row) => (
              <Row key={row.name} row={row} {...(onChange && { onChange })} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function Row({ row, onChange }: { readonly row: KeepRow; readonly onChange?: (row: KeepRow) => void }) {
  const { name, label, description, time } = row;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {label}
        <Text size="xs" className="muted" maw={460}>
          {description}
        </Text>
      </Table.Th>
      <Table.Td ta="right">
        {keptFor(time.days)}
        {time.own !== null && (
          <Text size="xs" className="muted">
            this account’s own
          </Text>
        )}
      </Table.Td>
      {onChange && (
        <Table.Td ta="right">
          {name !== 'auditDays' && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Change how long is kept: ${label}`}
              onClick={() => onChange(row)}
            >
              Change
            </Button>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}
