import { Anchor, Container, Text, Title } from '@mantine/core';

export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text my="md">
        The address may be mistyped, what it showed was deleted, or it is not for your role.
      </Text>
      <Anchor href="/">To the start</Anchor>
    </Container>
  );
}

/** The same where there is nothing around it. */
export function WholePageNotFound() {
  return (
    <main>
      <NotFound />
    </main>
  );
}
