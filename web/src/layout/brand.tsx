import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function Brand() {
  return (
    <Group
      component={Link}
      gap={8}
      wrap="nowrap"
      {...{ to: '/' }}
      aria-label="Hookwire"
      style={{ textDecoration: 'none', color: 'inherit' }}
    >
      <img src="/favicon.svg" width={26} height={26} alt="" />
      <Text fw={700} visibleFrom="xs">
        Hookwire
      </Text>
    </Group>
  );
}
