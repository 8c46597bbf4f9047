import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { homeOf } from './home.ts';
import { type Session, sessionQuery } from './session.ts';
import { wayBack } from './way-back.ts';

/** Goes on as whoever has just signed in: to where they wanted, or to where they begin. */
export function useArrive(): (session: Session, to?: string) => void {
  const queryClient = useQueryClient();
  const { history } = useRouter();
  return useCallback(
    (session, to) => {
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      history.replace(wayBack(to, window.location.origin) ?? homeOf(session));
    },
    [queryClient, history],
  );
}
