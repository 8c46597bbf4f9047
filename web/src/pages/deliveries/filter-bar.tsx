import { Button, Collapse, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Catalog } from '../../api/catalog.ts';
import type { DeliveryFilters } from '../../api/deliveries.ts';
import type { Webhook } from '../../api/webhooks.ts';
import { FilterText } from '../../ui/filter-text.tsx';
import { deliveryStates, stateWord } from '../../ui/state-badge.tsx';
import { kindOf } from '../../ui/webhook-words.ts';
import classes from './deliveries.module.css';
import { type FilterName, filterLabels } from './filters.ts';
import { TimeFilter } from './time-filter.tsx';

export type FilterChanges = { readonly [F in FilterName]?: string };

export interface FilterBarProps {
  readonly filters: DeliveryFilters;
  readonly webhooks: readonly Webhook[];
  readonly catalog: Catalog | undefined;
  /** All but one are folded away. */
  readonly small: boolean;
  readonly onChange: (changes: FilterChanges) => void;
}

const finds = ['messageId', 'transactionId', 'mobileNumber'] as const;
const examples = {
  messageId: 'wamid.HBgM…',
  transactionId: '81934341034091431',
  mobileNumber: '919812345678 or 5678',
};
const first = ['webhookId', 'state', 'from', 'to'] as const;
const folded = ['product', 'reportType', 'statusCode', 'errorClass'] as const;
const outcomes = deliveryStates.map((state) => ({ value: state, label: stateWord(state) }));

/** What the list is narrowed by. Everything stands in the URL; the controls only change it. */
export function FilterBar({ filters, webhooks, catalog, small, onChange }: FilterBarProps) {
  const inside = small ? ([...first, ...folded] as const) : folded;
  const active = inside.filter((name) => filters[name] !== undefined).length;
  const [more, { toggle }] = useDisclosure(!small && active > 0);
  const usual = <UsualFilters filters={filters} webhooks={webhooks} onChange={onChange} />;
  const label = small ? 'Filters' : 'More filters';
  return (
    <search aria-label="Filters">
      <div className={classes.filters}>
        <Find filters={filters} onChange={onChange} />
        {!small && usual}
        <Button variant="default" fw={400} onClick={toggle} aria-expanded={more} aria-controls="more-filters">
          {active === 0 ? label : `${label} (${active})`}
        </Button>
      </div>
      <Collapse id="more-filters" expanded={more}>
        <div className={`${classes.filters} ${classes.moreFilters}`}>
          {small && usual}
          <MoreFilters filters={filters} catalog={catalog} onChange={onChange} />
        </div>
      </Collapse>
    </search>
  );
}

function UsualFilters({
  filters,
  webhooks,
  onChange,
}: Pick<FilterBarProps, 'filters' | 'webhooks' | 'onChange'>) {
  return (
    <>
      <Select
        className={classes.choice ?? ''}
        aria-label="Webhook"
        placeholder="Every webhook"
        data={webhookChoices(webhooks, filters.webhookId)}
        value={filters.webhookId ?? null}
        onChange={(webhookId) => onChange({ webhookId: webhookId ?? '' })}
        searchable
        clearable
        limit={100}
        nothingFoundMessage="No such webhook"
        comboboxProps={{ width: 'min(420px, 92vw)', position: 'bottom-start' }}
        clearButtonProps={{ 'aria-label': 'Every webhook' }}
      />
      <Select
        w={140}
        aria-label="State"
        placeholder="Every state"
        data={outcomes}
        value={filters.state ?? null}
        onChange={(state) => onChange({ state: state ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Every state' }}
      />
      <TimeFilter range={{ from: filters.from, to: filters.to }} onChange={onChange} />
    </>
  );
}

/** One of the ids that a customer asks about. */
function Find({ filters, onChange }: Pick<FilterBarProps, 'filters' | 'onChange'>) {
  const [chosen, setChosen] = useState<(typeof finds)[number]>('messageId');
  const given = finds.find((name) => filters[name] !== undefined);
  const by = filters[chosen] !== undefined ? chosen : (given ?? chosen);
  return (
    <div className={classes.find}>
      <Select
        aria-label="Find by"
        data={finds.map((name) => ({ value: name, label: filterLabels[name] }))}
        value={by}
        allowDeselect={false}
        onChange={(next) => {
          const name = finds.find((one) => one === next);
          if (!name) return;
          setChosen(name);
          // What was typed is meant for the other kind.
          if (filters[by] !== undefined) onChange({ [by]: '', [name]: String(filters[by]) });
        }}
        styles={{ input: { borderTopRightRadius: 0, borderBottomRightRadius: 0 } }}
      />
      <FilterText
        key={by}
        aria-label={filterLabels[by]}
        placeholder={examples[by]}
        value={filters[by] ?? ''}
        onCommit={(text) => onChange({ [by]: text })}
        classNames={{ input: classes.code ?? '' }}
        styles={{ input: { borderTopLeftRadius: 0, borderBottomLeftRadius: 0, borderLeft: 0 } }}
      />
    </div>
  );
}

function MoreFilters({
  filters,
  catalog,
  onChange,
}: Pick<FilterBarProps, 'filters' | 'catalog' | 'onChange'>) {
  const products = catalog?.products ?? [];
  const types = new Map(
    products.flatMap(({ reportTypes }) => reportTypes.map(({ id, label }) => [id, label])),
  );
  return (
    <>
      <Select
        w={150}
        aria-label="Product"
        placeholder="Every product"
        data={products.map(({ id, name }) => ({ value: id, label: name }))}
        value={filters.product ?? null}
        onChange={(product) => onChange({ product: product ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Every product' }}
      />
      <Select
        w={150}
        aria-label="Report type"
        placeholder="Every type"
        data={[...types].map(([value, label]) => ({ value, label }))}
        value={filters.reportType ?? null}
        onChange={(reportType) => onChange({ reportType: reportType ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Every type' }}
      />
      <FilterText
        w={130}
        aria-label="Status code"
        placeholder="Status code"
        inputMode="numeric"
        maxLength={3}
        value={filters.statusCode === undefined ? '' : String(filters.statusCode)}
        accepts={(text) => /^[1-5][0-9]{2}$/.test(text)}
        onCommit={(statusCode) => onChange({ statusCode })}
      />
      <Select
        className={classes.choice ?? ''}
        aria-label="Error"
        placeholder="Every outcome"
        data={(catalog?.errorClasses ?? []).map(({ id, title }) => ({ value: id, label: title }))}
        value={filters.errorClass ?? null}
        onChange={(errorClass) => onChange({ errorClass: errorClass ?? '' })}
        searchable
        clearable
        comboboxProps={{ width: 'min(380px, 92vw)', position: 'bottom-start' }}
        clearButtonProps={{ 'aria-label': 'Every outcome' }}
      />
    </>
  );
}

/** A webhook that is not in the list (any more) stands by its id. */
function webhookChoices(webhooks: readonly Webhook[], chosen: string | undefined) {
  const choices = webhooks.map((webhook) => ({
    value: webhook.id,
    label: `${webhook.url} (${kindOf(webhook)})`,
  }));
  const known = chosen === undefined || choices.some(({ value }) => value === chosen);
  return known ? choices : [{ value: chosen, label: chosen }, ...choices];
}
