import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSignedOut } from './api/client.ts';
import { queryClient } from './api/query-client.ts';
import { createPortalRouter } from './router.tsx';
import { leave } from './session/leave.ts';
import { theme } from './theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the portal.');

const router = createPortalRouter(queryClient);
whenSignedOut(() => leave(queryClient, router));

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
