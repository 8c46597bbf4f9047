import { Text } from '@mantine/core';
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { problemOf } from '../../api/problem.ts';
import { readPasswordLink } from '../../api/session.ts';
import { useHashToken } from '../../session/hash-token.ts';
import { sessionQuery } from '../../session/session.ts';
import { useArrive } from '../../session/use-arrive.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { SetPasswordForm } from './set-password-form.tsx';

function linkQuery(token: string | null) {
  return queryOptions({
    queryKey: ['password-link', token],
    queryFn: token === null ? skipToken : () => readPasswordLink(token),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** For those who were invited, or whose password is set anew. */
export function SetPasswordPage() {
  const token = useHashToken()?.token ?? null;
  const { data: session } = useQuery(sessionQuery);
  const { data: link, error, refetch } = useQuery(linkQuery(token));
  const arrive = useArrive();

  if (token === null || (error && problemOf(error).code === 'link_expired')) return <NoLongerValid />;
  if (error) {
    return (
      <EntryFrame title="Set your password">
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </EntryFrame>
    );
  }
  if (!link) {
    return (
      <EntryFrame title="Set your password">
        <Loading rows={3} />
      </EntryFrame>
    );
  }
  const invited = link.purpose === 'invitation';
  return (
    <EntryFrame
      title={invited ? 'Welcome to Hookwire' : 'Set a new password'}
      about={invited ? 'You were invited. Choose a password to go on.' : 'The old password ends with it.'}
    >
      <SetPasswordForm
        token={token}
        link={link}
        minPasswordLength={session?.minPasswordLength ?? 12}
        onDone={arrive}
      />
    </EntryFrame>
  );
}

function NoLongerValid() {
  return (
    <EntryFrame
      title="This link is not valid any more"
      about="It was used, replaced by a newer one, or its time is over."
      below={<TextLink to="/sign-in">To sign-in</TextLink>}
    >
      <Text size="sm">
        Ask an owner of your account for a new one: they find it under People, at your name. Operators get
        theirs from another operator.
      </Text>
    </EntryFrame>
  );
}
