import { Group, List, SegmentedControl, Stack, Text } from '@mantine/core';
import type { Webhook } from '../../../api/webhooks.ts';
import { BodyText } from '../../../ui/body-text.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { useTextSearch } from '../../../ui/use-text-search.ts';
import { languages, receiverFor } from './languages.ts';

/** "Receive it": a program for exactly this webhook, signature check and all. */
export function Receive({ webhook }: { readonly webhook: Webhook }) {
  const [search, changeSearch] = useTextSearch();
  const language = languages.find(({ id }) => id === search.language) ?? languages[0];
  const signature = search.signature === 'v1a' ? 'v1a' : 'v1';
  const code = receiverFor(webhook, language, signature);
  return (
    <Stack gap="md" maw={980}>
      <Text size="sm">
        A whole program that takes what this webhook sends, as it is configured now, and refuses what does not
        carry its signature.
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>Answer as soon as the report is stored, and do the work afterwards.</List.Item>
        <List.Item>
          A report can come twice, with the same <span className="exact">webhook-id</span>: act on it once.
        </List.Item>
        <List.Item>
          Check the signature on the bytes as they came, before they are parsed, and refuse what is older than
          five minutes.
        </List.Item>
      </List>
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          aria-label="Language"
          value={language.id}
          onChange={(id) => changeSearch({ language: id === languages[0].id ? '' : id })}
          data={languages.map(({ id, label }) => ({ value: id, label }))}
        />
        <SegmentedControl
          aria-label="Signature"
          value={signature}
          onChange={(kind) => changeSearch({ signature: kind === 'v1' ? '' : kind })}
          data={[
            { value: 'v1', label: 'Shared secret' },
            { value: 'v1a', label: 'Public key' },
          ]}
        />
        <CopyButton text={code} what={language.file} label={`Copy ${language.file}`} size="xs" />
      </Group>
      <BodyText text={code} label={`Receiver in ${language.label}`} maxHeight="70vh" />
    </Stack>
  );
}
