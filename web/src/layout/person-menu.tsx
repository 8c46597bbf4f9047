import { Button, Group, Menu, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { keepBearer } from '../api/client.ts';
import { endSession } from '../api/session.ts';
import { useSession } from '../session/session.ts';

const schemes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
] as const;

/** Who is signed in: profile, colours, sign out. */
export function PersonMenu() {
  const session = useSession();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  async function signOut() {
    await endSession().catch(() => undefined);
    keepBearer(null);
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  }

  return (
    <Group gap="xs" wrap="nowrap">
      <Menu position="bottom-end" width={220} withinPortal>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-md" maw={180}>
            {session?.person?.name ?? 'Menu'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {session?.person && <Menu.Label>{session.person.email}</Menu.Label>}
          {session?.via !== 'portalLink' && (
            <Menu.Item component={Link} to="/profile">
              Profile and password
            </Menu.Item>
          )}
          <Menu.Item component="a" href="/docs" target="_blank">
            API reference
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Colours</Menu.Label>
          {schemes.map(({ value, label }) => (
            <Menu.Item
              key={value}
              role="menuitemradio"
              aria-checked={colorScheme === value}
              rightSection={colorScheme === value ? '✓' : null}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          {session?.via !== 'portalLink' && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
