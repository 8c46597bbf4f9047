import { Alert, Stack, TextInput } from '@mantine/core';
import { keptAside } from './kept-aside.ts';
import { labelOf } from './labels.ts';
import { NumberField } from './number-field.tsx';
import { SegmentedField } from './segmented-field.tsx';
import type { WebhookForm } from './use-webhook-form.ts';

interface BasicFieldsProps {
  readonly form: WebhookForm;
  readonly accountId: string;
}

/** Product, method, report type, number, URL: in this order. */
export function BasicFields({ form, accountId }: BasicFieldsProps) {
  const { draft, catalog, choice, set, leave, errorAt } = form;
  const label = (path: string) => labelOf(path, draft, catalog);
  const products = catalog.products
    .filter(({ audience }) => audience === 'everybody')
    .map(({ id, name }) => ({ id, label: name }));
  const aside = keptAside(draft, catalog);

  return (
    <Stack gap="md">
      <SegmentedField
        label={label('product')}
        options={products}
        value={choice.product.id}
        onChange={(product) => set({ product }, 'product')}
        error={errorAt('product')}
      />
      <SegmentedField
        label={label('method')}
        options={choice.methods}
        value={choice.method.id}
        onChange={(method) => set({ method }, 'method')}
        description={methodWords(choice)}
        error={errorAt('method')}
      />
      <SegmentedField
        label={label('reportType')}
        options={choice.product.reportTypes}
        value={choice.reportType.id}
        onChange={(reportType) => set({ reportType }, 'reportType')}
        description={choice.reportType.description}
        error={errorAt('reportType')}
      />
      {aside.length > 0 && (
        <Alert color="gray" variant="light" p="sm" role="status">
          Not used for {nameOf(form)}: {aside.join(', ')}. Kept in case you switch back; not saved.
        </Alert>
      )}
      {choice.product.hasNumber && <NumberField form={form} accountId={accountId} />}
      <TextInput
        type="url"
        label={label('url')}
        placeholder="https://example.com/webhooks"
        autoComplete="off"
        spellCheck={false}
        required
        value={draft.url}
        onChange={(event) => set({ url: event.currentTarget.value }, 'url')}
        onBlur={() => leave('url')}
        error={errorAt('url')}
      />
    </Stack>
  );
}

/** By GET a message may be too long. */
function methodWords({ method, reportType }: WebhookForm['choice']): string {
  if (method.id !== 'GET' || reportType.id !== 'mo') return method.description;
  return `${method.description} Most servers refuse a URL of more than 8,000 bytes (414), and a message may have more.`;
}

function nameOf({ choice }: WebhookForm): string {
  const { product, reportType, method } = choice;
  return `${product.name} ${reportType.label} by ${method.label}`;
}
