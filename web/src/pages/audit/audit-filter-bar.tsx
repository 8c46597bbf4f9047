import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { AuditFilters } from '../../api/audit.ts';
import { FilterText } from '../../ui/filter-text.tsx';
import { isoOf, localText } from '../../ui/local-time.ts';
import { actionChoices } from './action-words.ts';

export interface AuditFilterBarProps {
  readonly filters: AuditFilters;
  /** Of the whole gateway, not of one account. */
  readonly whole: boolean;
  readonly onChange: (changes: { readonly [F in keyof AuditFilters]: string }) => void;
  /** Missing where there is nothing to clear. */
  readonly onClear?: () => void;
}

export function AuditFilterBar({ filters, whole, onChange, onClear }: AuditFilterBarProps) {
  const choices = useMemo(() => actionChoices(whole), [whole]);
  return (
    <search aria-label="Filters">
      <Group gap="sm" mb="md" align="flex-end">
        <Select
          label="What"
          placeholder="Everything"
          w={210}
          data={choices}
          value={filters.action ?? null}
          onChange={(action) => onChange({ action: action ?? '' })}
          searchable
          clearable
          nothingFoundMessage="Nothing of that name"
          clearButtonProps={{ 'aria-label': 'Everything' }}
        />
        <FilterText
          label="Who"
          placeholder="Name or id"
          w={180}
          value={filters.actor ?? ''}
          onCommit={(actor) => onChange({ actor })}
        />
        <FilterText
          label="About"
          placeholder="ID, as wh_…"
          w={200}
          value={filters.target ?? ''}
          onCommit={(target) => onChange({ target })}
        />
        <TextInput
          label="From"
          type="datetime-local"
          value={localText(filters.from)}
          onChange={(event) => onChange({ from: isoOf(event.currentTarget.value) })}
        />
        <TextInput
          label="Until"
          type="datetime-local"
          value={localText(filters.to)}
          onChange={(event) => onChange({ to: isoOf(event.currentTarget.value) })}
        />
        {onClear && (
          <Button variant="subtle" onClick={onClear}>
            Clear
          </Button>
        )}
      </Group>
    </search>
  );
}
