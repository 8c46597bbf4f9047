import type { QueryClient } from '@tanstack/react-query';
import type { RegisteredRouter } from '@tanstack/react-router';
import { hasBearer, keepBearer } from '../api/client.ts';
import { wayBack } from './way-back.ts';

/** Leads to where one can come in again, once a call says that nobody is signed in (any more). */
export function leave(queryClient: QueryClient, router: RegisteredRouter): void {
  const to = wayBack(router.state.location.href, window.location.origin);
  if (to === null) return;
  const byLink = hasBearer();
  keepBearer(null);
  queryClient.clear();
  void router.navigate(byLink ? { to: '/enter' } : { to: '/sign-in', search: { to } });
}
