import { Divider, NavLink, Stack, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { mayAct } from '../session/may.ts';
import { isOperator, roleIn, useSession } from '../session/session.ts';
import classes from './shell.module.css';

const ofAccount = [
  { to: '/a/$accountId/webhooks', label: 'Webhooks' },
  { to: '/a/$accountId/deliveries', label: 'Deliveries' },
  { to: '/a/$accountId/events', label: 'Find an event' },
  { to: '/a/$accountId/numbers', label: 'WABA numbers' },
  { to: '/a/$accountId/keys', label: 'API keys', act: 'admin' },
  { to: '/a/$accountId/people', label: 'People', act: 'admin' },
  { to: '/a/$accountId/audit', label: 'Audit log', act: 'admin' },
  { to: '/a/$accountId/guides', label: 'Guides' },
] as const;

const ofGateway = [
  { to: '/accounts', label: 'Accounts' },
  { to: '/gateway', label: 'Gateway health' },
  { to: '/operators', label: 'Operators' },
  { to: '/audit', label: 'Audit log' },
] as const;

/** The pages that whoever is signed in may open. */
export function Navigation() {
  const session = useSession();
  const { accountId } = useParams({ strict: false });
  const role = accountId === undefined ? null : roleIn(session, accountId);

  return (
    <Stack gap={2}>
      {accountId !== undefined &&
        ofAccount
          .filter((page) => !('act' in page) || mayAct(role, page.act))
          .map(({ to, label }) => (
            <Link key={to} to={to} params={{ accountId }} className={classes.plain ?? ''}>
              {({ isActive }) => (
                <NavLink component="span" active={isActive} label={label} className={classes.link ?? ''} />
              )}
            </Link>
          ))}
      {isOperator(session) && (
        <>
          {accountId !== undefined && <Divider my="xs" />}
          <Text size="xs" className="muted" px="sm" pb={4}>
            Whole gateway
          </Text>
          {ofGateway.map(({ to, label }) => (
            <Link key={to} to={to} className={classes.plain ?? ''}>
              {({ isActive }) => (
                <NavLink component="span" active={isActive} label={label} className={classes.link ?? ''} />
              )}
            </Link>
          ))}
        </>
      )}
    </Stack>
  );
}
