import { Button, type MantineColorScheme, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { keepBearer } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import { endSession } from '../api/session.ts';
import { useSession } from '../session/session.ts';
import { problemInBrief } from '../ui/problem-words.ts';
import { PersonIcon } from './icons.tsx';

const schemes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
] as const;

/** Who is signed in: profile, colours, sign out. Whom the platform let in by a link, the platform lets out. */
export function PersonMenu() {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const ownSession = session?.via !== 'portalLink';
  const name = session?.person?.name || session?.person?.email || 'Menu';

  return (
    <Menu position="bottom-end" width={230} withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          px={8}
          aria-label={`Menu of ${name}`}
          c="inherit"
        >
          <PersonIcon />
          <Text span size="sm" fw={500} ml={6} maw={160} truncate visibleFrom="sm">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {session?.person && ownSession && (
          <>
            <Menu.Label>{session.person.email}</Menu.Label>
            <Menu.Item component={Link} to="/profile">
              Profile and password
            </Menu.Item>
          </>
        )}
        <Menu.Item component="a" href="/docs" target="_blank" rel="noreferrer">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(chosen) => setColorScheme(chosen as MantineColorScheme)}
        >
          {schemes.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {ownSession && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await endSession();
    } catch (error) {
      if (problemOf(error).status !== 401) {
        notifications.show({
          color: 'red',
          title: 'You are still signed in',
          message: problemInBrief(error),
        });
        return;
      }
    }
    keepBearer(null);
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
}
