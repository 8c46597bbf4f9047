import { List } from '@mantine/core';
import type { AuditChange } from '../../api/audit.ts';
import { changeInWords } from './change-words.ts';

/** What was changed, field by field. */
export function Changes({ changes }: { readonly changes: readonly AuditChange[] }) {
  if (changes.length === 0) return null;
  return (
    <List size="sm" mt={4} spacing={2} withPadding={false}>
      {changes.map((change) => {
        const { field, from, to } = changeInWords(change);
        return (
          <List.Item key={change.field}>
            <span className="muted">{field}:</span> {from !== null && <del className="exact">{from}</del>}
            {from !== null && ' → '}
            {to === null ? (
              <i>nothing</i>
            ) : (
              <ins className="exact" style={{ textDecoration: 'none' }}>
                {to}
              </ins>
            )}
          </List.Item>
        );
      })}
    </List>
  );
}
