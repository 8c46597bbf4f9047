import { Button, Group, Table, Text } from '@mantine/core';
import type { Account } from '../../api/accounts.ts';
import { Exact } from '../../ui/exact.tsx';
import { Instant } from '../../ui/instant.tsx';
import { keptFor } from '../../ui/kept/kept-words.ts';
import { LinkButton, TextLink } from '../../ui/links.tsx';

export interface AccountsTableProps {
  readonly accounts: readonly Account[];
  /** The id of the account that cannot be deleted. */
  readonly gatewaysOwn: string;
  readonly onRename: (account: Account) => void;
  readonly onDelete: (account: Account) => void;
}

export function AccountsTable({ accounts, gatewaysOwn, onRename, onDelete }: AccountsTableProps) {
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>ID</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th ta="right">Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.map((account) => (
            <Table.Tr key={account.id}>
              <Table.Th scope="row" fw={500}>
                <TextLink to="/a/$accountId/webhooks" params={{ accountId: account.id }}>
                  {account.name}
                </TextLink>
                {account.id === gatewaysOwn && (
                  <Text size="xs" className="muted">
                    The gateway’s own, for operational events of all accounts
                  </Text>
                )}
                <OwnTimes of={account} />
              </Table.Th>
              <Table.Td>
                <Exact whole text={account.id} what={`the id of ${account.name}`} />
              </Table.Td>
              <Table.Td>
                <Instant at={account.createdAt} />
              </Table.Td>
              <Table.Td>
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <LinkButton
                    size="compact-sm"
                    variant="subtle"
                    to="/a/$accountId/keys"
                    params={{ accountId: account.id }}
                    aria-label={`Keys of ${account.name}`}
                  >
                    Keys
                  </LinkButton>
                  <LinkButton
                    size="compact-sm"
                    variant="subtle"
                    to="/a/$accountId/limits"
                    params={{ accountId: account.id }}
                    aria-label={`Limits of ${account.name}`}
                  >
                    Limits
                  </LinkButton>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Rename ${account.name}`}
                    onClick={() => onRename(account)}
                  >
                    Rename
                  </Button>
                  {account.id !== gatewaysOwn && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      aria-label={`Delete ${account.name}`}
                      onClick={() => onDelete(account)}
                    >
                      Delete
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Where an account keeps things for another time than all. */
function OwnTimes({ of: { keep } }: { readonly of: Account }) {
  const { payloadDays, logDays } = keep;
  const words = [
    ...(payloadDays === null ? [] : [`contents ${keptFor(payloadDays)}`]),
    ...(logDays === null ? [] : [`deliveries ${keptFor(logDays)}`]),
  ];
  if (words.length === 0) return null;
  return (
    <Text size="xs" className="muted">
      Keeps {words.join(', ')}
    </Text>
  );
}
