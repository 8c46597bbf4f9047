import { Button, Group, Text } from '@mantine/core';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeptFor } from '../../ui/kept/kept-for.tsx';
import { LinkButton } from '../../ui/links.tsx';

export interface NothingProps {
  readonly accountId: string;
  readonly narrowed: boolean;
  /** Not all were looked at yet. */
  readonly more: boolean;
  readonly looking: boolean;
  readonly onGoOn: () => void;
  readonly onClear: () => void;
}

/** In place of the list: there is nothing, nothing matches, or nothing was found so far. */
export function Nothing({ accountId, narrowed, more, looking, onGoOn, onClear }: NothingProps) {
  if (more) {
    return (
      <EmptyState
        title="None found so far"
        action={
          <Group gap="xs">
            <Button loading={looking} onClick={onGoOn}>
              Go on looking
            </Button>
            <Button variant="default" onClick={onClear}>
              Clear filters
            </Button>
          </Group>
        }
      >
        The newest deliveries were looked at and none matches. Older ones may.
      </EmptyState>
    );
  }
  if (narrowed) {
    return (
      <EmptyState title="No delivery matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        There are no deliveries with all of these filters. <Kept accountId={accountId} />
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No deliveries yet"
      action={
        <LinkButton variant="default" to="/a/$accountId/webhooks" params={{ accountId }}>
          To the webhooks
        </LinkButton>
      }
    >
      As soon as an event matches one of your webhooks, it is sent and appears here, without reloading.{' '}
      <Kept accountId={accountId} />
    </EmptyState>
  );
}

export interface FootProps {
  readonly accountId: string;
  readonly shown: number;
  readonly more: boolean;
  readonly tooMany: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

/** Below the last row. */
export function ListFoot({ accountId, shown, more, tooMany, loading, onMore }: FootProps) {
  if (more && !tooMany) {
    return (
      <Button variant="default" size="xs" loading={loading} onClick={onMore}>
        Load more
      </Button>
    );
  }
  return (
    <Text size="xs" className="muted">
      {tooMany
        ? `${shown.toLocaleString('en')} are shown. Narrow the filters to see older ones.`
        : `${shown === 1 ? 'This is the only one.' : `These are all ${shown.toLocaleString('en')}.`}`}{' '}
      {!tooMany && <Kept accountId={accountId} />}
    </Text>
  );
}

function Kept({ accountId }: { readonly accountId: string }) {
  return <KeptFor accountId={accountId} by="log" what="Deliveries" />;
}
