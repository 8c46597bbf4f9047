import { Alert, List } from '@mantine/core';
import type { Webhook } from '../api/webhooks.ts';

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
        warnings[0]?.message
      ) : (
        <List size="sm" spacing={4}>
          {warnings.map(({ code, path, message }) => (
            <List.Item key={`${code} ${path ?? ''}`}>{message}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
