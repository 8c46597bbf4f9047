import { Badge, Button, Group, Table } from '@mantine/core';
import type { Key } from '../../api/keys.ts';
import { Exact } from '../../ui/exact.tsx';
import { Instant } from '../../ui/instant.tsx';
import { scopeLabel } from './scope-words.ts';

export interface KeysTableProps {
  readonly keys: readonly Key[];
  readonly onDelete: (key: Key) => void;
}

export function KeysTable({ keys, onDelete }: KeysTableProps) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>May</Table.Th>
            <Table.Th>ID</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th ta="right">Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Th scope="row" fw={500}>
                {key.name}
              </Table.Th>
              <Table.Td maw={320}>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="default" tt="none" fw={500}>
                      {scopeLabel(scope)}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>
                <Exact whole text={key.id} what={`the id of ${key.name}`} />
              </Table.Td>
              <Table.Td>
                <Instant at={key.createdAt} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`Delete ${key.name}`}
                  onClick={() => onDelete(key)}
                >
                  Delete
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
