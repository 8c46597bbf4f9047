import { NavLink, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useAccountInView } from '../session/account-in-view.ts';
import { type Act, mayAct } from '../session/may.ts';
import { isOperator, roleIn, useSession } from '../session/session.ts';
import {
  AccountsIcon,
  AlertsIcon,
  AuditIcon,
  DeliveriesIcon,
  ErasureIcon,
  GatewayIcon,
  GuidesIcon,
  KeysIcon,
  LimitsIcon,
  NumbersIcon,
  OperatorsIcon,
  PeopleIcon,
  SearchIcon,
  WebhooksIcon,
} from './icons.tsx';
import classes from './shell.module.css';

interface Entry {
  readonly label: string;
  readonly Icon: ComponentType;
  /** What one must be allowed, to find anything there. */
  readonly act?: Act;
}

const ofAccount = [
  { to: '/a/$accountId/webhooks', label: 'Webhooks', Icon: WebhooksIcon },
  { to: '/a/$accountId/deliveries', label: 'Deliveries', Icon: DeliveriesIcon },
  { to: '/a/$accountId/events', label: 'Find an event', Icon: SearchIcon },
  { to: '/a/$accountId/alerts', label: 'Alerts', Icon: AlertsIcon },
  { to: '/a/$accountId/numbers', label: 'Waba Numbers', Icon: NumbersIcon },
  { to: '/a/$accountId/keys', label: 'API keys', Icon: KeysIcon, act: 'admin' },
  { to: '/a/$accountId/people', label: 'People', Icon: PeopleIcon, act: 'admin' },
  { to: '/a/$accountId/audit', label: 'Audit log', Icon: AuditIcon, act: 'admin' },
  { to: '/a/$accountId/erasures', label: 'Erasure', Icon: ErasureIcon, act: 'admin' },
  { to: '/a/$accountId/limits', label: 'Limits', Icon: LimitsIcon },
  { to: '/a/$accountId/guides', label: 'Guides', Icon: GuidesIcon },
] as const satisfies readonly (Entry & { to: string })[];

const ofGateway = [
  { to: '/accounts', label: 'Accounts', Icon: AccountsIcon },
  { to: '/gateway', label: 'Gateway health', Icon: GatewayIcon },
  { to: '/operators', label: 'Operators', Icon: OperatorsIcon },
  { to: '/audit', label: 'Audit log', Icon: AuditIcon },
  { to: '/erasures', label: 'Erasure', Icon: ErasureIcon },
] as const satisfies readonly (Entry & { to: string })[];

/** The pages that whoever is signed in may open. */
export function Navigation() {
  const session = useSession();
  const accountId = useAccountInView();
  const role = accountId === null ? null : roleIn(session, accountId);
  const operator = isOperator(session);

  return (
    <Stack gap="lg" py="xs">
      {accountId !== null && (
        <Stack gap={2}>
          {operator && <Heading>Account</Heading>}
          {ofAccount
            .filter((page) => !('act' in page) || mayAct(role, page.act))
            .map(({ to, ...entry }) => (
              <Link key={to} to={to} params={{ accountId }} className={classes.plain ?? ''}>
                {({ isActive }) => <Row {...entry} active={isActive} />}
              </Link>
            ))}
        </Stack>
      )}
      {operator && (
        <Stack gap={2}>
          <Heading>Whole gateway</Heading>
          {ofGateway.map(({ to, ...entry }) => (
            <Link key={to} to={to} className={classes.plain ?? ''}>
              {({ isActive }) => <Row {...entry} active={isActive} />}
            </Link>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function Heading({ children }: { readonly children: string }) {
  return (
    <Text size="xs" fw={600} className="muted" px="sm" pb={4}>
      {children}
    </Text>
  );
}

function Row({ label, Icon, active }: Entry & { readonly active: boolean }) {
  return (
    <NavLink
      component="span"
      active={active}
      label={label}
      leftSection={<Icon />}
      className={classes.link ?? ''}
    />
  );
}
