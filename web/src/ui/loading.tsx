import { Skeleton, Stack } from '@mantine/core';

/** In place of a list that is on its way. */
export function Loading({ rows = 6 }: { readonly rows?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={row} height={28} radius="sm" />
      ))}
    </Stack>
  );
}
