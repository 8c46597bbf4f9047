import { Button, Table } from '@mantine/core';
import type { Sender } from '../../api/senders.ts';
import { Exact } from '../../ui/exact.tsx';
import { Instant } from '../../ui/instant.tsx';
import { productNames } from '../../ui/webhook-words.ts';

export interface NumbersTableProps {
  readonly numbers: readonly Sender[];
  /** Missing where one may not. */
  readonly onRemove?: (number: Sender) => void;
}

export function NumbersTable({ numbers, onRemove }: NumbersTableProps) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Waba Number</Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th>Product</Table.Th>
            <Table.Th>Added</Table.Th>
            {onRemove && <Table.Th ta="right">Action</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {numbers.map((number) => (
            <Table.Tr key={number.id}>
              <Table.Th scope="row" fw={500}>
                <Exact whole text={number.productUniqueId} what="the number" />
              </Table.Th>
              <Table.Td>{number.label ?? <span className="muted">–</span>}</Table.Td>
              <Table.Td>{productNames[number.product]}</Table.Td>
              <Table.Td>
                <Instant at={number.createdAt} />
              </Table.Td>
              {onRemove && (
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={`Remove ${number.productUniqueId}`}
                    onClick={() => onRemove(number)}
                  >
                    Remove
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
