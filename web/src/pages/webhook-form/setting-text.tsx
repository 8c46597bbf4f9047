import { TextInput } from '@mantine/core';
import type { SettingsDraft } from './settings-draft.ts';
import type { WebhookForm } from './use-webhook-form.ts';

type TextSetting = {
  [K in keyof SettingsDraft]: string extends SettingsDraft[K] ? K : never;
}[keyof SettingsDraft];

export interface SettingTextProps {
  readonly form: WebhookForm;
  readonly name: TextSetting;
  /** The API's path. */
  readonly path: string;
  readonly label: string;
  readonly description?: string;
  /** What stands for an empty field. */
  readonly placeholder?: string;
  readonly unit?: string;
  readonly isNumber?: boolean;
}

/** A setting that is typed: a number, as text, with its unit; or words. */
export function SettingText(props: SettingTextProps) {
  const { form, name, path, label, description, placeholder, unit, isNumber = true } = props;
  return (
    <TextInput
      label={unit === undefined ? label : `${label}, in ${unit}`}
      description={description}
      placeholder={placeholder}
      inputMode={isNumber ? 'decimal' : undefined}
      autoComplete="off"
      spellCheck={false}
      data-proposed={name in form.proposed || undefined}
      value={form.draft.settings[name]}
      onChange={(event) => form.setSettings({ [name]: event.currentTarget.value }, path)}
      onBlur={() => form.leave(path)}
      error={form.errorIn(path)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}
