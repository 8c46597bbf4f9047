import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditFilterNames, auditQuery } from '../../api/audit.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeptFor } from '../../ui/kept/kept-for.tsx';
import { Listing } from '../../ui/listing.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { AuditTable } from './audit-table.tsx';

export interface AuditLogProps {
  /** Of one account; `null`: of the whole gateway. */
  readonly accountId: string | null;
  readonly accountNames?: ReadonlyMap<string, string>;
}

/** The log with its filters, which stand in the URL. */
export function AuditLog({ accountId, accountNames }: AuditLogProps) {
  const [search, change] = useTextSearch();
  const filters = Object.fromEntries(
    auditFilterNames.flatMap((name) => (search[name] ? [[name, search[name]]] : [])),
  );
  const entries = useInfiniteQuery(auditQuery(accountId, filters));
  const filtered = Object.keys(filters).length > 0;
  const clear = () => change(Object.fromEntries(auditFilterNames.map((name) => [name, ''])));

  return (
    <>
      <AuditFilterBar
        filters={filters}
        whole={accountId === null}
        onChange={change}
        {...(filtered && { onClear: clear })}
      />
      <Listing
        query={entries}
        empty={
          filtered ? (
            <EmptyState
              title="Nothing matches"
              action={
                <Button variant="default" onClick={clear}>
                  Clear the filters
                </Button>
              }
            />
          ) : (
            <EmptyState title="Nothing has been changed yet">
              Every change to webhooks, keys, numbers and people will stand here, with who made it.
            </EmptyState>
          )
        }
      >
        {(items) => <AuditTable entries={items} {...(accountNames && { accountNames })} onFilter={change} />}
      </Listing>
      {entries.data && !entries.hasNextPage && (
        <Text size="xs" className="muted" mt="md">
          <KeptFor accountId={accountId} by="audit" what="Entries" />
        </Text>
      )}
    </>
  );
}
