import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { theme } from '../theme.ts';

/** Shows a piece of the portal with what it needs around it, but no gateway and no router. */
export function renderPiece(piece: ReactNode) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const shown = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>{piece}</QueryClientProvider>
    </MantineProvider>,
  );
  return { ...shown, user: userEvent.setup(), queryClient };
}
