import { Text } from '@mantine/core';
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keepBearer } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import { enterBy, getSession } from '../../api/session.ts';
import { useHashToken } from '../../session/hash-token.ts';
import { useArrive } from '../../session/use-arrive.ts';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EntryFrame } from './entry-frame.tsx';

/** A query and no effect, since a token can be exchanged once only. */
function enterQuery(token: string | null) {
  return queryOptions({
    queryKey: ['enter', token],
    queryFn: token === null ? skipToken : () => enter(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

async function enter(token: string) {
  keepBearer(null);
  const { token: bearer } = await enterBy(token);
  keepBearer(bearer);
  return await getSession();
}

/** Comes in by a link that the platform made for somebody who is signed in there. */
export function EnterPage() {
  const link = useHashToken();
  const token = link?.token ?? null;
  const path = link?.path;
  const { data: session, error, refetch } = useQuery(enterQuery(token));
  const arrive = useArrive();
  useEffect(() => {
    if (session) arrive(session, path);
  }, [session, path, arrive]);

  if (token === null || (error && problemOf(error).code === 'link_expired')) {
    return (
      <EntryFrame
        title="Open this page again"
        about="Your visit here has ended, or its link was used before."
      >
        <Text size="sm">
          Go back to where you came from and open your webhooks from there: it makes a new link.
        </Text>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="One moment">
      {error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading rows={2} />}
    </EntryFrame>
  );
}
