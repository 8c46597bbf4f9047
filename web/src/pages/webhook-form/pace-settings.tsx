import { Checkbox, Select, SimpleGrid, Stack } from '@mantine/core';
import { inPlace } from './in-place.ts';
import { SettingText } from './setting-text.tsx';
import { giveUpUnits, hasBatch } from './settings-draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';
import classes from './webhook-form.module.css';

/** How fast, how long and how often it is tried. */
export function PaceSettings({ form }: { readonly form: WebhookForm }) {
  const { draft, choice, catalog, setSettings } = form;
  const { settings } = draft;
  const { defaults, limits } = catalog.settings;
  const most = choice.reportType.id === 'mo' ? limits.batchMaxItemsOfMo : limits.batchMaxItems;

  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <SettingText
          form={form}
          name="timeoutSeconds"
          path="settings.timeoutMs"
          label="Timeout"
          unit="seconds"
          placeholder={String(defaults.timeoutMs / 1_000)}
          description={`For the whole answer. Unless given: ${defaults.timeoutMs / 1_000}`}
        />
        <SettingText
          form={form}
          name="maxConcurrency"
          path="settings.maxConcurrency"
          label="Requests at a time"
          placeholder={String(defaults.maxConcurrency)}
          description={`Unless given: up to ${defaults.maxConcurrency}`}
        />
        <SettingText
          form={form}
          name="ratePerSecond"
          path="settings.ratePerSecond"
          label="Requests a second"
          placeholder={defaults.ratePerSecond === null ? 'No limit' : String(defaults.ratePerSecond)}
          description={
            defaults.ratePerSecond === null
              ? 'Unless given: no limit'
              : `Unless given: ${defaults.ratePerSecond}`
          }
        />
        <SettingText
          form={form}
          name="maxAttempts"
          path="settings.retry.maxAttempts"
          label="Attempts"
          placeholder={String(defaults.retry.maxAttempts)}
          description={`With the first. Unless given: ${defaults.retry.maxAttempts}`}
        />
      </SimpleGrid>
      <div className={classes.amountAndUnit}>
        <SettingText
          form={form}
          name="giveUpAfter"
          path="settings.retry.giveUpAfterMs"
          label="Give up after"
          placeholder="When the attempts are used up"
          description="Unless given: attempts alone end it"
        />
        <Select
          aria-label="Give up after: unit"
          mt={25}
          data={giveUpUnits.map(({ id }) => id)}
          value={settings.giveUpUnit}
          allowDeselect={false}
          comboboxProps={inPlace}
          onChange={(unit) => {
            const known = giveUpUnits.find(({ id }) => id === unit);
            if (known) setSettings({ giveUpUnit: known.id }, 'settings.retry.giveUpAfterMs');
          }}
        />
      </div>
      <Checkbox
        label="Keep the order"
        description="The reports of one message one after another: while one waits for its next attempt, so do those behind it."
        checked={settings.ordered}
        onChange={(event) => setSettings({ ordered: event.currentTarget.checked }, 'settings.ordered')}
      />
      {hasBatch(choice) && (
        <Checkbox
          label="Several reports in one request"
          description="As a list, also with one report. Unless chosen: one report in each request."
          checked={settings.batch}
          onChange={(event) => setSettings({ batch: event.currentTarget.checked }, 'settings.batch')}
        />
      )}
      {hasBatch(choice) && settings.batch && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <SettingText
            form={form}
            name="batchMaxItems"
            path="settings.batch.maxItems"
            label="Reports in one request"
            description={`From ${most.minimum} to ${most.maximum}`}
          />
          <SettingText
            form={form}
            name="batchWaitSeconds"
            path="settings.batch.maxWaitMs"
            label="Longest wait"
            unit="seconds"
            description="How long the first waits for others"
          />
          <SettingText
            form={form}
            name="batchMaxKib"
            path="settings.batch.maxBytes"
            label="Largest request"
            unit="KiB"
            description="A report that alone is larger goes alone"
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
