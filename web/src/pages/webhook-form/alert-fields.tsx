import { Checkbox, Stack, TextInput } from '@mantine/core';
import { labelOf } from './labels.ts';
import type { WebhookForm } from './use-webhook-form.ts';

/** Where alerts are sent, and which: in place of product, method and report type, of which they have one each. */
export function AlertFields({ form }: { readonly form: WebhookForm }) {
  const { draft, catalog, choice, set, setSettings, leave, errorAt, errorIn } = form;
  const types = choice.reportType.samples;
  const { statuses } = draft.settings;
  const chosen = statuses.length === 0 ? types.map(({ name }) => name) : [...statuses];

  return (
    <Stack gap="md">
      <TextInput
        type="url"
        label={labelOf('url', draft, catalog)}
        description="Better on another machine than the endpoints that it tells about."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder="https://example.com/alerts"
        autoComplete="off"
        spellCheck={false}
        required
        value={draft.url}
        onChange={(event) => set({ url: event.currentTarget.value }, 'url')}
        onBlur={() => leave('url')}
        error={errorAt('url')}
      />
      <Checkbox.Group
        label="Tell me when"
        value={chosen}
        onChange={(next) => {
          // None would mean all, so the last one stays.
          if (next.length === 0) return;
          setSettings({ statuses: next.length === types.length ? [] : next }, 'settings.statuses');
        }}
        error={errorIn('settings.statuses')}
      >
        <Stack gap="xs" mt={6}>
          {types.map(({ name, title }) => (
            <Checkbox
              key={name}
              value={name}
              label={title}
              description={<span className="exact">{name}</span>}
              readOnly={chosen.length === 1 && chosen[0] === name}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </Stack>
  );
}
