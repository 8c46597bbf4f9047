import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { numbersQuery } from '../../api/webhook-form.ts';
import { inPlace } from './in-place.ts';
import { labelOf } from './labels.ts';
import type { WebhookForm } from './use-webhook-form.ts';

interface NumberFieldProps {
  readonly form: WebhookForm;
  readonly accountId: string;
}

const all = 'all';

/** One of the account's numbers, or all of them. */
export function NumberField({ form, accountId }: NumberFieldProps) {
  const { draft, catalog, choice, set, errorAt } = form;
  const { data, isPending, isError } = useQuery(numbersQuery(accountId, choice.product.id));
  const numbers = (data?.data ?? []).map(({ productUniqueId, label }) => ({
    value: productUniqueId,
    label: label === null ? productUniqueId : `${productUniqueId} · ${label}`,
  }));
  const chosen = draft.productUniqueId;
  const isKnown = chosen === null || isPending || numbers.some(({ value }) => value === chosen);
  const options = [{ value: all, label: 'All numbers' }, ...numbers];
  if (chosen !== null && !numbers.some(({ value }) => value === chosen)) {
    options.push({ value: chosen, label: chosen });
  }

  return (
    <Select
      label={labelOf('productUniqueId', draft, catalog)}
      data={options}
      value={chosen ?? all}
      onChange={(value) => set({ productUniqueId: value === all ? null : value }, 'productUniqueId')}
      allowDeselect={false}
      comboboxProps={inPlace}
      searchable={options.length > 8}
      nothingFoundMessage="No such number"
      description={hint({ chosen, isKnown, isError, count: numbers.length, isPending })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={errorAt('productUniqueId')}
    />
  );
}

interface Known {
  readonly chosen: string | null;
  readonly isKnown: boolean;
  readonly isError: boolean;
  readonly isPending: boolean;
  readonly count: number;
}

function hint({ chosen, isKnown, isError, isPending, count }: Known): string | undefined {
  if (isError) return "The account's numbers could not be loaded.";
  if (!isKnown) return 'This number is no longer one of the account.';
  if (isPending || chosen !== null) return undefined;
  return count === 0
    ? 'The account has no numbers yet; those that are added later are included.'
    : 'Those that are added later are included.';
}
