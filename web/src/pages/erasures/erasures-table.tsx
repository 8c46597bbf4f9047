import { Table, Text } from '@mantine/core';
import type { Task } from '../../api/tasks.ts';
import { Instant } from '../../ui/instant.tsx';
import { erasedWords, erasureState, erasureTitle } from './erasure-words.ts';

export interface ErasuresTableProps {
  readonly erasures: readonly Task[];
  /** Whether it says whose each is. */
  readonly ofAll: boolean;
}

export function ErasuresTable({ erasures, ofAll }: ErasuresTableProps) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            {ofAll && <Table.Th>In</Table.Th>}
            <Table.Th>Asked for</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Erased</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {erasures.map((erasure) => (
            <Table.Tr key={erasure.id}>
              <Table.Th scope="row" fw={500}>
                {erasureTitle(erasure)}
                <Text size="xs" className="muted">
                  {erasure.id}
                </Text>
              </Table.Th>
              {ofAll && <Table.Td>{erasure.accountId ?? 'all accounts'}</Table.Td>}
              <Table.Td>
                <Instant at={erasure.createdAt} />
                <Text size="xs" className="muted">
                  by {erasure.receipt?.askedBy.name}
                </Text>
              </Table.Td>
              <Table.Td>
                {erasureState(erasure)}
                {erasure.finishedAt !== null && (
                  <Text size="xs" className="muted" component="div">
                    <Instant at={erasure.finishedAt} />
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{erasedWords(erasure)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
