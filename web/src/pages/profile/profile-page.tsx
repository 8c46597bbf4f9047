import { Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { roleWords } from '../../session/role-words.ts';
import { useSession } from '../../session/session.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { NameForm } from './name-form.tsx';
import { PasswordForm } from './password-form.tsx';

/** One's own name and password, and what one belongs to. */
export function ProfilePage() {
  const session = useSession();
  if (!session?.person) return <Loading />;
  const { person, memberships, via, oidc, minPasswordLength } = session;

  return (
    <Stack maw={560} gap="lg">
      <PageHeader title="Profile">{person.email}</PageHeader>
      <Paper withBorder p="lg">
        <NameForm name={person.name} />
      </Paper>
      <Paper withBorder p="lg">
        {via === 'oidc' ? (
          <Text size="sm">
            You sign in with {oidc?.name ?? 'another service'}. Your password is kept there and not here.
          </Text>
        ) : (
          <PasswordForm email={person.email} minPasswordLength={minPasswordLength} />
        )}
      </Paper>
      <Paper withBorder p="lg">
        <Title order={2} size="h4" mb="sm">
          You belong to
        </Title>
        <List listStyleType="none" spacing="xs">
          {memberships.map(({ role, accountId, accountName }) => (
            <List.Item key={accountId}>
              <Group gap="xs">
                {accountId === null ? (
                  <Text size="sm">The whole gateway</Text>
                ) : (
                  <TextLink size="sm" to="/a/$accountId/webhooks" params={{ accountId }}>
                    {accountName ?? accountId}
                  </TextLink>
                )}
                <Badge variant="default" tt="none">
                  {roleWords[role].label}
                </Badge>
              </Group>
              <Text size="sm" className="muted">
                {roleWords[role].may}
              </Text>
            </List.Item>
          ))}
        </List>
        {memberships.length === 0 && (
          <Text size="sm">No account yet. Ask whoever invited you to add you to theirs.</Text>
        )}
      </Paper>
    </Stack>
  );
}
