import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useHashToken } from '../../session/hash-token.ts';
import { sessionQuery } from '../../session/session.ts';
import { useArrive } from '../../session/use-arrive.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { SetupForm } from './setup-form.tsx';

/** The first start: the operator makes themselves, by the link that the gateway printed. */
export function SetupPage() {
  const token = useHashToken()?.token ?? null;
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const arrive = useArrive();

  if (!session) {
    return (
      <EntryFrame title="Set up Hookwire">
        {error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading rows={3} />}
      </EntryFrame>
    );
  }
  if (!session.setupNeeded) {
    return (
      <EntryFrame title="Hookwire is set up" about="Its first operator has been made already.">
        <TextLink to="/">Go on to sign in</TextLink>
      </EntryFrame>
    );
  }
  if (token === null) {
    return (
      <EntryFrame title="Set up Hookwire" about="There is no operator yet.">
        <Text size="sm">
          When the gateway started, it printed a set-up link that ends in <Code>/setup#token=…</Code>. Open
          that link. It works once. Starting the gateway again prints a new one.
        </Text>
        <Text size="sm" mt="md">
          If you were invited to an account, <TextLink to="/sign-in">sign in</TextLink>.
        </Text>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame
      title="Set up Hookwire"
      about="You become the first operator: you see all accounts and the gateway itself."
    >
      <SetupForm token={token} minPasswordLength={session.minPasswordLength} onDone={arrive} />
    </EntryFrame>
  );
}
