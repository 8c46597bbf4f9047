import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/links.tsx';

/** For viewers who come by an address. */
export function MayNotChange({ accountId }: { readonly accountId: string }) {
  return (
    <EmptyState
      title="You may look at webhooks, not change them"
      action={
        <LinkButton variant="default" to="/a/$accountId/webhooks" params={{ accountId }}>
          To the webhooks
        </LinkButton>
      }
    >
      An owner of the account can give you another role.
    </EmptyState>
  );
}
