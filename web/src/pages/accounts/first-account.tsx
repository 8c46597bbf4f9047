import { Button } from '@mantine/core';
import { EmptyState } from '../../ui/empty-state.tsx';

/** The first step after the set-up. */
export function FirstAccount({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <EmptyState
      title="Create the first account"
      action={<Button onClick={onCreate}>Create an account</Button>}
    >
      An account stands for a customer of yours. After that you add a webhook to it, and everything that your
      platform reports for this customer is delivered there.
    </EmptyState>
  );
}
