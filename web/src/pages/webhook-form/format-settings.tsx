import { Checkbox, Select, type SelectProps, SimpleGrid } from '@mantine/core';
import { useMemo } from 'react';
import { inPlace } from './in-place.ts';
import { hasFormats, hasMoFormat, hasTimeZone, isFlatMo } from './settings-draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';

/** How times, numbers and messages are written. */
export function FormatSettings({ form }: { readonly form: WebhookForm }) {
  const { draft, choice, catalog, setSettings, errorAt } = form;
  const { settings } = draft;
  const { choices, defaults } = catalog.settings;
  const zones = useMemo(() => timeZones(settings.timeZone), [settings.timeZone]);

  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      {hasMoFormat(choice) && (
        <Select
          {...common}
          label="Message format"
          data={optionsOf(choices.moFormat, choice.method.moFormat)}
          value={settings.moFormat ?? choice.method.moFormat}
          onChange={(id) =>
            setSettings({ moFormat: id === choice.method.moFormat ? null : id }, 'settings.moFormat')
          }
          description={
            choices.moFormat.find(({ id }) => id === (settings.moFormat ?? choice.method.moFormat))
              ?.description
          }
          error={errorAt('settings.moFormat')}
        />
      )}
      {isFlatMo(settings, choice) && (
        <Checkbox
          label="Send the whole message too"
          checked={settings.moMessage ?? choice.method.moMessage}
          onChange={({ currentTarget: { checked } }) =>
            setSettings(
              { moMessage: checked === choice.method.moMessage ? null : checked },
              'settings.moMessage',
            )
          }
          description={choice.method.id === 'GET' ? wholeByGet : whole}
        />
      )}
      {hasFormats(settings, choice) && (
        <>
          <Select
            {...common}
            label="Time format"
            data={optionsOf(choices.timeFormat, defaults.timeFormat)}
            value={settings.timeFormat}
            onChange={(id) => id !== null && setSettings({ timeFormat: id }, 'settings.timeFormat')}
            description={choices.timeFormat.find(({ id }) => id === settings.timeFormat)?.description}
            error={errorAt('settings.timeFormat')}
          />
          {hasTimeZone(settings) && (
            <Select
              {...common}
              label="Time zone"
              data={zones}
              searchable
              nothingFoundMessage="No such time zone"
              value={settings.timeZone}
              onChange={(zone) => zone !== null && setSettings({ timeZone: zone }, 'settings.timeZone')}
              description={`Unless chosen: ${defaults.timeZone}`}
              error={errorAt('settings.timeZone')}
            />
          )}
          <Select
            {...common}
            label="Number format"
            data={optionsOf(choices.mobileFormat, defaults.mobileFormat)}
            value={settings.mobileFormat}
            onChange={(id) => id !== null && setSettings({ mobileFormat: id }, 'settings.mobileFormat')}
            description={choices.mobileFormat.find(({ id }) => id === settings.mobileFormat)?.description}
            error={errorAt('settings.mobileFormat')}
          />
        </>
      )}
    </SimpleGrid>
  );
}

const whole = 'As the parameter "message", with what the others have not.';
const wholeByGet =
  'As the parameter "message". It repeats the text, and most servers refuse a URL of more than 8,000 bytes (414).';

const common: Pick<SelectProps, 'allowDeselect' | 'comboboxProps' | 'inputWrapperOrder'> = {
  allowDeselect: false,
  comboboxProps: inPlace,
  inputWrapperOrder: ['label', 'input', 'description', 'error'],
};

function optionsOf<Id extends string>(
  choices: readonly { readonly id: Id; readonly label: string }[],
  usual: Id,
): { value: Id; label: string }[] {
  return choices.map(({ id, label }) => ({ value: id, label: id === usual ? `${label} (default)` : label }));
}

/** UTC, then the zones that the browser knows, the chosen one among them. */
function timeZones(chosen: string): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), chosen])];
}
