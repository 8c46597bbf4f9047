import { Anchor, Container, Text, Title } from '@mantine/core';

export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <Title order={1}>There is no such page</Title>
      <Text my="md">The address may be mistyped, or what it showed was deleted.</Text>
      <Anchor href="/">To the start</Anchor>
    </Container>
  );
}
