import { Alert, List } from '@mantine/core';
import type { Webhook } from '../api/webhooks.ts';
import { fieldHeading, plainWords } from './field-words.ts';

/** What the gateway finds doubtful about a webhook; nothing where that is nothing. */
export function Warnings({ warnings }: { readonly warnings: Webhook['warnings'] }) {
  if (warnings.length === 0) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      title={warnings.length === 1 ? 'Look at this' : 'Look at these'}
      mb="md"
    >
      {warnings.length === 1 ? (
        warnings.map(wordsOf)
      ) : (
        <List size="sm" spacing={4}>
          {warnings.map((warning) => (
            <List.Item key={`${warning.code} ${warning.path ?? ''}`}>{wordsOf(warning)}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

/** What would be refused now is told as at its field, so it is named; the others are sentences of their own. */
function wordsOf({ code, path, message }: Webhook['warnings'][number]): string {
  const words = plainWords(message);
  return code === 'not_valid_any_more' && path !== undefined ? `${fieldHeading(path)}: ${words}` : words;
}
