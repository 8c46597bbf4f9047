import { Table } from '@mantine/core';
import type { AuditEntry } from '../../api/audit.ts';
import { Instant } from '../../ui/instant.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Changes } from './changes.tsx';
import { Sentence } from './sentence.tsx';

export interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  /** Where several accounts are shown. */
  readonly accountNames?: ReadonlyMap<string, string>;
  /** Narrows the log to one actor. */
  readonly onFilter: (changes: { readonly actor: string }) => void;
}

export function AuditTable({ entries, accountNames, onFilter }: AuditTableProps) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={190}>When</Table.Th>
            <Table.Th>What</Table.Th>
            {accountNames && <Table.Th>Account</Table.Th>}
            <Table.Th>Address</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Instant at={entry.at} />
              </Table.Td>
              <Table.Td>
                <Sentence entry={entry} onActor={() => onFilter({ actor: entry.actor.id })} />
                <Changes changes={entry.changes} />
              </Table.Td>
              {accountNames && (
                <Table.Td>
                  {entry.accountId === null ? (
                    <span className="muted">–</span>
                  ) : (
                    <TextLink
                      size="sm"
                      to="/a/$accountId/audit"
                      params={{ accountId: entry.accountId }}
                      search={{}}
                    >
                      {accountNames.get(entry.accountId) ?? entry.accountId}
                    </TextLink>
                  )}
                </Table.Td>
              )}
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <span className="exact">{entry.ip ?? '–'}</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
