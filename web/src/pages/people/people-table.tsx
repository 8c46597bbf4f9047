import { Badge, Button, Group, Menu, Table, Text } from '@mantine/core';
import type { Person } from '../../api/people.ts';
import { roleWords } from '../../session/role-words.ts';
import { Instant } from '../../ui/instant.tsx';

export interface PeopleTableProps {
  readonly people: readonly Person[];
  /** Who looks at it. */
  readonly me: string | undefined;
  readonly onRemove: (person: Person) => void;
  /** Missing for those who give nobody access. */
  readonly onNewLink?: (person: Person) => void;
  /** Missing among operators, who have one role. */
  readonly onChangeRole?: (person: Person) => void;
}

export function PeopleTable({ people, me, onNewLink, onRemove, onChangeRole }: PeopleTableProps) {
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Person</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>Last seen</Table.Th>
            <Table.Th ta="right">Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <Table.Tr key={person.id}>
              <Table.Th scope="row" fw={500}>
                <Group gap="xs">
                  {person.name}
                  {person.personId === me && (
                    <Badge variant="default" tt="none">
                      You
                    </Badge>
                  )}
                </Group>
                <Text size="sm" className="muted">
                  {person.email}
                </Text>
              </Table.Th>
              <Table.Td>{roleWords[person.role].label}</Table.Td>
              <Table.Td>
                <Seen person={person} />
              </Table.Td>
              <Table.Td ta="right">
                <Menu position="bottom-end" portalProps={{ target: '#main' }}>
                  <Menu.Target>
                    <Button size="compact-sm" variant="default" aria-label={`Manage ${person.name}`}>
                      Manage
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {onChangeRole && (
                      <Menu.Item onClick={() => onChangeRole(person)}>Change the role</Menu.Item>
                    )}
                    {onNewLink && (
                      <Menu.Item onClick={() => onNewLink(person)}>
                        {person.invited ? 'Make a new invitation link' : 'Make a link for a new password'}
                      </Menu.Item>
                    )}
                    <Menu.Item color="var(--mantine-color-error)" onClick={() => onRemove(person)}>
                      Remove
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Seen({ person }: { readonly person: Person }) {
  if (person.invited) {
    return (
      <Badge variant="light" color="orange" tt="none">
        Invited, has not come yet
      </Badge>
    );
  }
  return person.lastSeenAt === null ? (
    <span className="muted">Never</span>
  ) : (
    <Instant at={person.lastSeenAt} />
  );
}
