import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { homeOf } from '../../session/home.ts';
import { sessionQuery } from '../../session/session.ts';
import { useArrive } from '../../session/use-arrive.ts';
import { wayBack } from '../../session/way-back.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { OidcButton } from './oidc-button.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const { to, problem } = useSearch({ from: '/sign-in' });
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const arrive = useArrive();
  const back = wayBack(to, window.location.origin);

  const { history } = useRouter();
  const elsewhere = session?.signedIn ? (back ?? homeOf(session)) : null;
  useEffect(() => {
    if (elsewhere !== null) history.replace(elsewhere);
  }, [elsewhere, history]);
  if (elsewhere !== null) return null;
  return (
    <EntryFrame
      title="Sign in"
      below="Forgotten your password? Ask whoever manages the people of your account for a new link."
    >
      {error && !session && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !session && <Loading rows={3} />}
      {problem !== undefined && (
        <Alert
          color="red"
          role="alert"
          title={`${session?.oidc?.name ?? 'The provider'} did not sign you in`}
        >
          {problem === 'not_invited'
            ? 'Nobody has invited the e-mail address that you have there. Ask an owner of your account to invite it.'
            : 'It answered with an error. Try again; if it stays, tell whoever runs the gateway.'}
        </Alert>
      )}
      {session?.setupNeeded && (
        <Alert color="gray" role="note" title="Hookwire has no operator yet">
          Whoever was invited can sign in. The operator begins by the{' '}
          <TextLink to="/setup">set-up link</TextLink>.
        </Alert>
      )}
      {session && <SignInForm onSignedIn={(after) => arrive(after, to)} />}
      {session?.oidc && <OidcButton name={session.oidc.name} to={back} />}
    </EntryFrame>
  );
}
