import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { TextSearch } from '../../ui/use-text-search.ts';
import { productNames, reportTypeNames } from '../../ui/webhook-words.ts';

export interface FiltersProps {
  readonly search: TextSearch;
  readonly onChange: (changes: TextSearch) => void;
}

function choices(names: Readonly<Record<string, string>>) {
  return Object.entries(names).map(([value, label]) => ({ value, label }));
}

const selects = [
  { name: 'product', label: 'Product', any: 'All products', data: choices(productNames) },
  { name: 'reportType', label: 'Report type', any: 'All report types', data: choices(reportTypeNames) },
  {
    name: 'status',
    label: 'Status',
    any: 'Any status',
    data: choices({ enabled: 'Enabled', disabled: 'Disabled' }),
  },
] as const;

/** What narrows the list; all of it stands in the URL. */
export function Filters({ search, onChange }: FiltersProps) {
  return (
    <Group gap="xs" role="search" aria-label="Webhooks">
      <SearchField q={search.q ?? ''} onChange={(q) => onChange({ q })} />
      {selects.map(({ name, label, any, data }) => (
        <Select
          key={name}
          aria-label={label}
          placeholder={any}
          data={data}
          value={search[name] ?? null}
          onChange={(value) => onChange({ [name]: value ?? '' })}
          clearable
          clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
          w={{ base: 'calc(50% - 5px)', sm: 168 }}
        />
      ))}
    </Group>
  );
}

interface SearchFieldProps {
  readonly q: string;
  readonly onChange: (q: string) => void;
}

/** Follows what is typed a moment later, and the URL at once. */
function SearchField({ q, onChange }: SearchFieldProps) {
  const [text, setText] = useState(q);
  const later = useDebouncedCallback(onChange, 250);
  useEffect(() => setText(q), [q]);
  return (
    <TextInput
      type="search"
      aria-label="Search webhooks"
      placeholder="URL, description, ID, number"
      value={text}
      maxLength={200}
      flex={{ base: '1 1 100%', sm: '1 1 240px' }}
      maw={{ sm: 420 }}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
    />
  );
}
