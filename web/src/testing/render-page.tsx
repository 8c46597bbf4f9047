import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useLocation,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { type Role, sessionQuery } from '../session/session.ts';
import { theme } from '../theme.ts';
import { parseSearch, stringifySearch } from '../ui/search-params.ts';

export interface PageOptions {
  /** Such as `/a/$accountId/webhooks/new`. */
  readonly path: string;
  /** Where it is opened: `/a/acc_1/webhooks/new?copyOf=wh_1`. */
  readonly at: string;
  readonly page: () => ReactNode;
  /** Of whoever is signed in, in the account `acc_1`. */
  readonly role?: Role;
  /** Not so for a guest by a link without that; everybody else may where their role does. */
  readonly grantsAccess?: boolean;
  /** Answers of the gateway that are there already. */
  readonly prepare?: (queryClient: QueryClient) => void;
}

/** Shows a page at its address, behind sign-in. Every other address shows "Elsewhere: <path>". */
export async function renderPage({
  path,
  at,
  page,
  role = 'owner',
  grantsAccess = true,
  prepare,
}: PageOptions) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  const accountId = role === 'operator' ? null : 'acc_1';
  queryClient.setQueryData(sessionQuery.queryKey, {
    signedIn: true,
    setupNeeded: false,
    minPasswordLength: 12,
    oidc: null,
    via: 'password',
    person: { id: 'per_1', name: 'Asha Rao', email: 'asha@example.com' },
    memberships: [{ role, accountId, accountName: accountId }],
    grantsAccess,
  });
  prepare?.(queryClient);
  const root = createRootRoute({ component: Outlet });
  const shown = createRoute({ getParentRoute: () => root, path, component: page });
  const others = createRoute({ getParentRoute: () => root, path: '$', component: Elsewhere });
  const router = createRouter({
    routeTree: root.addChildren([shown, others]),
    history: createMemoryHistory({ initialEntries: [at] }),
    parseSearch,
    stringifySearch,
  });
  await router.load();
  const rendered = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Notifications />
        {/* The portal's own routes are not these. */}
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...rendered, user: userEvent.setup(), queryClient, router };
}

function Elsewhere() {
  const { pathname } = useLocation();
  return <p>Elsewhere: {pathname}</p>;
}
