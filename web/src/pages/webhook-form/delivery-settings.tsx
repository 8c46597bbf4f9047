import { Button, Collapse, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { FormatSettings } from './format-settings.tsx';
import { PaceSettings } from './pace-settings.tsx';
import { hasFormats, hasMoFormat, settingsOf } from './settings-draft.ts';
import { settingsInWords } from './settings-words.ts';
import { SuccessSettings } from './success-settings.tsx';
import type { WebhookForm } from './use-webhook-form.ts';

export interface DeliverySettingsProps {
  readonly form: WebhookForm;
  readonly opened: boolean;
  readonly onToggle: () => void;
}

/** The further settings: folded, in words; open, as fields. */
export function DeliverySettings({ form, opened, onToggle }: DeliverySettingsProps) {
  const { draft, choice, catalog } = form;
  const words = settingsInWords(settingsOf(draft.settings, choice, catalog), choice, catalog);
  const isWrong = Object.keys(form.problems).some((path) => path.startsWith('settings.'));

  return (
    <section aria-labelledby="delivery-settings">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} size="h5" id="delivery-settings">
          Delivery settings
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={opened}
          aria-controls="delivery-settings-fields"
          aria-label={opened ? 'Close the delivery settings' : 'Change the delivery settings'}
          onClick={onToggle}
        >
          {opened ? 'Close' : 'Change'}
        </Button>
      </Group>
      {!opened && (
        <Text size="sm" className="muted" mt={4}>
          {isWrong ? 'Something in here needs to be corrected.' : words.join(' ')}
        </Text>
      )}
      <div id="delivery-settings-fields">
        <Collapse expanded={opened} keepMounted={false}>
          <Stack gap="lg" pt="md">
            {(hasFormats(draft.settings, choice) || hasMoFormat(choice)) && (
              <>
                <FormatSettings form={form} />
                <Divider />
              </>
            )}
            <PaceSettings form={form} />
            <Divider />
            <SuccessSettings form={form} />
          </Stack>
        </Collapse>
      </div>
    </section>
  );
}
