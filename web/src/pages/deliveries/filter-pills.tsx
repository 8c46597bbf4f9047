import { Button, Group, Pill } from '@mantine/core';
import type { Catalog } from '../../api/catalog.ts';
import type { DeliveryFilters } from '../../api/deliveries.ts';
import { stateWord } from '../../ui/state-badge.tsx';
import { type FilterName, filterLabels, filterNames } from './filters.ts';
import { shortInstant } from './time-range.ts';

export interface FilterPillsProps {
  readonly filters: DeliveryFilters;
  readonly nameOf: (webhookId: string) => string;
  readonly catalog: Catalog | undefined;
  readonly onRemove: (name: FilterName) => void;
  readonly onClear: () => void;
}

/** The value of a filter, for people. */
export function filterWord(
  name: FilterName,
  filters: DeliveryFilters,
  { nameOf, catalog }: Pick<FilterPillsProps, 'nameOf' | 'catalog'>,
): string {
  const value = String(filters[name] ?? '');
  switch (name) {
    case 'state':
      return filters.state ? stateWord(filters.state) : '';
    case 'webhookId':
      return nameOf(value);
    case 'product':
      return catalog?.products.find(({ id }) => id === value)?.name ?? value;
    case 'reportType':
      return (
        catalog?.products.flatMap(({ reportTypes }) => reportTypes).find(({ id }) => id === value)?.label ??
        value
      );
    case 'errorClass':
      return catalog?.errorClasses.find(({ id }) => id === value)?.title ?? value;
    case 'from':
    case 'to':
      return shortInstant(value);
    default:
      return value;
  }
}

/** All that the list is narrowed by, each to be taken away. */
export function FilterPills({ filters, nameOf, catalog, onRemove, onClear }: FilterPillsProps) {
  const given = filterNames.filter((name) => filters[name] !== undefined);
  if (given.length === 0) return null;
  return (
    <Group gap={6} role="group" aria-label="Filters that are set">
      {given.map((name) => (
        <Pill
          key={name}
          size="md"
          maw="100%"
          withRemoveButton
          onRemove={() => onRemove(name)}
          removeButtonProps={{
            'aria-label': `Remove the filter ${filterLabels[name]}`,
            'aria-hidden': false,
            tabIndex: 0,
          }}
        >
          {filterLabels[name]}: {filterWord(name, filters, { nameOf, catalog })}
        </Pill>
      ))}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        Clear filters
      </Button>
    </Group>
  );
}
