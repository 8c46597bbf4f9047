import { SimpleGrid, Stack, TagsInput } from '@mantine/core';
import { inPlace } from './in-place.ts';
import { SettingText } from './setting-text.tsx';
import { hasStatuses } from './settings-draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';

/** What is sent at all, and what counts as delivered. */
export function SuccessSettings({ form }: { readonly form: WebhookForm }) {
  const { draft, choice, setSettings, errorIn } = form;
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <SettingText
          form={form}
          name="successCodes"
          path="settings.success.codes"
          label="Codes that count as delivered"
          placeholder="200, 202"
          description="Unless given: any 2xx"
        />
        <SettingText
          form={form}
          name="bodyContains"
          path="settings.success.bodyContains"
          label="Text that the answer must contain"
          isNumber={false}
          description="Unless given: none"
        />
      </SimpleGrid>
      {hasStatuses(choice) && choice.product.audience === 'everybody' && (
        <TagsInput
          label="Statuses to send"
          data={[...(choice.reportType.statuses ?? [])]}
          value={[...draft.settings.statuses]}
          onChange={(statuses) => setSettings({ statuses }, 'settings.statuses')}
          placeholder={draft.settings.statuses.length === 0 ? 'All' : ''}
          description="Unless chosen: all"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          clearable
          comboboxProps={inPlace}
          clearButtonProps={{ 'aria-label': 'Send all' }}
          error={errorIn('settings.statuses')}
        />
      )}
    </Stack>
  );
}
