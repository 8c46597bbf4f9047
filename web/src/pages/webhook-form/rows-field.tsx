import { Button, Checkbox, CloseButton, Stack, Text, TextInput } from '@mantine/core';
import { isMasked } from '#shared/header-mask.ts';
import { type Row, rowsToSend, withRow } from './draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';
import classes from './webhook-form.module.css';

export interface RowsFieldProps {
  readonly form: WebhookForm;
  readonly field: 'customParameters' | 'customHeaders';
  /** "Add Custom Parameters" */
  readonly label: string;
  /** "Custom parameter", one of them. */
  readonly one: string;
  readonly description: string;
  readonly namePlaceholder: string;
}

/** A checkbox that opens rows of name and value. */
export function RowsField({ form, field, label, one, description, namePlaceholder }: RowsFieldProps) {
  const rows = form.draft[field];
  const sent = rowsToSend(rows);
  const most = form.catalog.settings.limits[field === 'customHeaders' ? 'headers' : 'parameters'];
  const tooMany = form.errorAt(field);

  function open(on: boolean) {
    form.set({ [field]: on && rows.rows.length === 0 ? withRow(rows) : { ...rows, on } }, field);
  }

  function change(id: number, part: Partial<Row>, path: string) {
    const changed = rows.rows.map((row) => (row.id === id ? { ...row, ...part } : row));
    form.set({ [field]: { ...rows, rows: changed } }, path);
  }

  return (
    <Stack gap="sm">
      <Checkbox
        label={label}
        description={description}
        checked={rows.on}
        onChange={(event) => open(event.currentTarget.checked)}
      />
      {rows.on && (
        <Stack gap="xs" className={classes.rows}>
          {rows.rows.map((row, place) => (
            <RowFields
              key={row.id}
              form={form}
              row={row}
              title={`${one} ${place + 1}`}
              path={`${field}[${rows.rows.slice(0, place).filter((each) => sent.includes(each)).length}]`}
              isSent={sent.includes(row)}
              namePlaceholder={namePlaceholder}
              onChange={(part, path) => change(row.id, part, path)}
              onRemove={() => {
                const left = rows.rows.filter(({ id }) => id !== row.id);
                form.set({ [field]: { on: left.length > 0, rows: left } }, field);
              }}
            />
          ))}
          {tooMany && (
            <Text size="sm" c="var(--mantine-color-error)">
              {tooMany}
            </Text>
          )}
          <div>
            <Button
              size="compact-sm"
              variant="default"
              disabled={rows.rows.length >= most}
              aria-label={`Add More: ${one.toLowerCase()}`}
              onClick={() => form.set({ [field]: withRow(rows) }, field)}
            >
              Add More
            </Button>
          </div>
        </Stack>
      )}
    </Stack>
  );
}

interface RowFieldsProps {
  readonly form: WebhookForm;
  readonly row: Row;
  readonly title: string;
  readonly path: string;
  /** An empty row is not, and nothing is wrong with it. */
  readonly isSent: boolean;
  readonly namePlaceholder: string;
  readonly onChange: (part: Partial<Row>, path: string) => void;
  readonly onRemove: () => void;
}

function RowFields(props: RowFieldsProps) {
  const { form, row, title, path, isSent, namePlaceholder, onChange, onRemove } = props;
  const error = (part: 'name' | 'value') => (isSent ? form.errorAt(`${path}.${part}`) : undefined);
  const common = { classNames: { input: 'exact' }, autoComplete: 'off', spellCheck: false } as const;
  return (
    <div className={classes.row}>
      <TextInput
        {...common}
        aria-label={`${title}, name`}
        placeholder={namePlaceholder}
        value={row.name}
        onChange={(event) => onChange({ name: event.currentTarget.value }, `${path}.name`)}
        onBlur={() => form.leave(`${path}.name`)}
        error={error('name')}
      />
      <TextInput
        {...common}
        aria-label={`${title}, value`}
        placeholder="value"
        value={row.value}
        // What is hidden is replaced as a whole.
        onFocus={(event) => isMasked(row.value) && event.currentTarget.select()}
        onChange={(event) => onChange({ value: event.currentTarget.value }, `${path}.value`)}
        onBlur={() => form.leave(`${path}.value`)}
        error={error('value')}
      />
      <CloseButton
        size="lg"
        className={classes.remove ?? ''}
        aria-label={`Remove ${title.toLowerCase()}`}
        onClick={onRemove}
      />
    </div>
  );
}
