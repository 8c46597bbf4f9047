import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { hasBearer, keepBearer, lookAtAccount } from './api/client.ts';
import { NotFound, WholePageNotFound } from './layout/not-found.tsx';
import { RouteError, WholePageError } from './layout/route-error.tsx';
import { Shell } from './layout/shell.tsx';
import { homeOf } from './session/home.ts';
import { takeRememberedWay } from './session/remembered-way.ts';
import { isOperator, roleIn, sessionQuery } from './session/session.ts';
import { parseSearch, stringifySearch } from './ui/search-params.ts';

interface Context {
  readonly queryClient: QueryClient;
}

/** The map of the portal. Every page is loaded when it is first opened. */
const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: WholePageError,
  notFoundComponent: WholePageNotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    throw redirect({ href: (session.signedIn ? takeRememberedWay() : null) ?? homeOf(session) });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string; problem?: string } => ({
    ...(typeof search.to === 'string' && { to: search.to }),
    ...(typeof search.problem === 'string' && { problem: search.problem }),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/sign-in/setup-page.tsx'), 'SetupPage'),
});
const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  component: lazyRouteComponent(() => import('./pages/sign-in/set-password-page.tsx'), 'SetPasswordPage'),
});
const enter = createRoute({
  getParentRoute: () => root,
  path: '/enter',
  component: lazyRouteComponent(() => import('./pages/sign-in/enter-page.tsx'), 'EnterPage'),
});

/** Everything behind sign-in, inside the frame of header and navigation. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session.signedIn) return;
    if (hasBearer()) {
      keepBearer(null);
      throw redirect({ to: '/enter' });
    }
    throw redirect({ to: '/sign-in', search: { to: location.href } });
  },
  component: Shell,
  errorComponent: WholePageError,
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/profile',
  component: lazyRouteComponent(() => import('./pages/profile/profile-page.tsx'), 'ProfilePage'),
});

/** Pages about the whole gateway, for operators. */
const operator = createRoute({
  getParentRoute: () => signedIn,
  id: 'operator',
  beforeLoad: async ({ context }) => {
    lookAtAccount(null);
    if (!isOperator(await context.queryClient.ensureQueryData(sessionQuery))) throw notFound();
  },
});
const accounts = createRoute({
  getParentRoute: () => operator,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts/accounts-page.tsx'), 'AccountsPage'),
});
const gateway = createRoute({
  getParentRoute: () => operator,
  path: '/gateway',
  component: lazyRouteComponent(() => import('./pages/gateway/gateway-page.tsx'), 'GatewayPage'),
});
const operators = createRoute({
  getParentRoute: () => operator,
  path: '/operators',
  component: lazyRouteComponent(() => import('./pages/people/operators-page.tsx'), 'OperatorsPage'),
});
const wholeAudit = createRoute({
  getParentRoute: () => operator,
  path: '/audit',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'WholeAuditPage'),
});

const wholeErasures = createRoute({
  getParentRoute: () => operator,
  path: '/erasures',
  component: lazyRouteComponent(() => import('./pages/erasures/erasures-page.tsx'), 'WholeErasuresPage'),
});

/** Pages about one account. */
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/a/$accountId',
  beforeLoad: async ({ context, params: { accountId } }) => {
    lookAtAccount(accountId);
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (roleIn(session, accountId) === null) throw notFound();
  },
});
const webhooks = createRoute({
  getParentRoute: () => account,
  path: '/webhooks',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});
const newWebhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/new',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/webhook-form/add-webhook-page.tsx'), 'AddWebhookPage'),
});
const webhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhookId',
  validateSearch: textSearch,
  component: lazyRouteComponent(
    () => import('./pages/webhook-details/webhook-details-page.tsx'),
    'WebhookDetailsPage',
  ),
});
const editWebhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhookId/edit',
  validateSearch: textSearch,
  component: lazyRouteComponent(
    () => import('./pages/webhook-form/edit-webhook-page.tsx'),
    'EditWebhookPage',
  ),
});
const alerts = createRoute({
  getParentRoute: () => account,
  path: '/alerts',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/alerts/alerts-page.tsx'), 'AlertsPage'),
});
const newAlert = createRoute({
  getParentRoute: () => account,
  path: '/alerts/new',
  validateSearch: textSearch,
  component: lazyRouteComponent(
    () => import('./pages/webhook-form/add-webhook-page.tsx'),
    'AddAlertWebhookPage',
  ),
});
const deliveries = createRoute({
  getParentRoute: () => account,
  path: '/deliveries',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
});
const events = createRoute({
  getParentRoute: () => account,
  path: '/events',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/events/find-events-page.tsx'), 'FindEventsPage'),
});
const event = createRoute({
  getParentRoute: () => account,
  path: '/events/$eventId',
  component: lazyRouteComponent(() => import('./pages/events/event-page.tsx'), 'EventPage'),
});
const numbers = createRoute({
  getParentRoute: () => account,
  path: '/numbers',
  component: lazyRouteComponent(() => import('./pages/numbers/numbers-page.tsx'), 'NumbersPage'),
});
const keys = createRoute({
  getParentRoute: () => account,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
});
const people = createRoute({
  getParentRoute: () => account,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/people/people-page.tsx'), 'PeoplePage'),
});
const audit = createRoute({
  getParentRoute: () => account,
  path: '/audit',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});
const erasures = createRoute({
  getParentRoute: () => account,
  path: '/erasures',
  component: lazyRouteComponent(() => import('./pages/erasures/erasures-page.tsx'), 'ErasuresPage'),
});
const limits = createRoute({
  getParentRoute: () => account,
  path: '/limits',
  component: lazyRouteComponent(() => import('./pages/limits/limits-page.tsx'), 'LimitsPage'),
});
const guides = createRoute({
  getParentRoute: () => account,
  path: '/guides',
  component: lazyRouteComponent(() => import('./pages/guides/guides-page.tsx'), 'GuidesPage'),
});
const guide = createRoute({
  getParentRoute: () => account,
  path: '/guides/$guide',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('./pages/guides/guide-page.tsx'), 'GuidePage'),
});

/** Filters in the URL: words by name; what a page does not know, it leaves out. */
function textSearch(search: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(search).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(texts) as Record<string, string>;
}

const routeTree = root.addChildren([
  home,
  signIn,
  setup,
  setPassword,
  enter,
  signedIn.addChildren([
    profile,
    operator.addChildren([accounts, gateway, operators, wholeAudit, wholeErasures]),
    account.addChildren([
      webhooks,
      newWebhook,
      webhook,
      editWebhook,
      alerts,
      newAlert,
      deliveries,
      events,
      event,
      numbers,
      keys,
      people,
      audit,
      erasures,
      limits,
      guides,
      guide,
    ]),
  ]),
]);

export function createPortalRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
