import { Button, Group, Input, TextInput, Title } from '@mantine/core';
import type { CatalogField } from '../../api/catalog.ts';
import { withExampleNames } from './draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';
import classes from './webhook-form.module.css';

/** What the endpoint calls each field of a delivery report. Those of WhatsApp that may be left out say so. */
export function ParameterNames({ form }: { readonly form: WebhookForm }) {
  const { draft, catalog, choice, set } = form;
  const { fields } = choice.reportType;
  const empty = fields.some(({ name }) => (draft.parameterNames[name] ?? '') === '');

  return (
    <section aria-labelledby="parameter-names">
      <Group justify="space-between" wrap="nowrap" gap="xs" mb="sm">
        <Title order={2} size="h5" id="parameter-names">
          Required Parameters
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          disabled={!empty}
          onClick={() =>
            set({ parameterNames: withExampleNames(draft, catalog).parameterNames }, 'parameterNames')
          }
        >
          Use example names
        </Button>
      </Group>
      <div className={classes.names}>
        {fields.map((field) => (
          <NameField key={field.name} field={field} form={form} />
        ))}
      </div>
    </section>
  );
}

function NameField({ field, form }: { readonly field: CatalogField; readonly form: WebhookForm }) {
  const { draft, set, leave, errorAt } = form;
  const path = `parameterNames.${field.name}`;
  const id = `name-of-${field.name}`;
  return (
    <div className={classes.name}>
      <div>
        <Input.Label htmlFor={id} required={field.required}>
          {field.label}
          {!field.required && (
            <span className={`muted ${classes.optional}`} aria-hidden="true">
              optional
            </span>
          )}
        </Input.Label>
        <Input.Description id={`${id}-about`}>{field.description}</Input.Description>
      </div>
      <TextInput
        id={id}
        aria-describedby={`${id}-about`}
        placeholder={field.example}
        classNames={{ input: 'exact' }}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required={field.required}
        value={draft.parameterNames[field.name] ?? ''}
        onChange={(event) =>
          set({ parameterNames: { ...draft.parameterNames, [field.name]: event.currentTarget.value } }, path)
        }
        onBlur={() => leave(path)}
        error={errorAt(path)}
      />
    </div>
  );
}
