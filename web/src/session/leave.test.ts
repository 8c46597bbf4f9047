// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query';
import type { RegisteredRouter } from '@tanstack/react-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hasBearer, keepBearer } from '../api/client.ts';
import { leave } from './leave.ts';

function at(href: string) {
  const navigate = vi.fn();
  const router = { state: { location: { href } }, navigate } as unknown as RegisteredRouter;
  const queryClient = new QueryClient();
  queryClient.setQueryData(['webhooks'], ['secret']);
  leave(queryClient, router);
  return { navigate, queryClient };
}

describe('a call that says that nobody is signed in', () => {
  beforeEach(() => keepBearer(null));

  it('leads to sign-in, and back afterwards', () => {
    const { navigate, queryClient } = at('/a/acme/deliveries?state=failed');
    expect(navigate).toHaveBeenCalledExactlyOnceWith({
      to: '/sign-in',
      search: { to: '/a/acme/deliveries?state=failed' },
    });
    expect(queryClient.getQueryData(['webhooks'])).toBeUndefined();
  });

  it('leads whom the platform let in to where it says how to come back', () => {
    keepBearer('hwp_over');
    expect(at('/a/acme/webhooks').navigate).toHaveBeenCalledExactlyOnceWith({ to: '/enter' });
    expect(hasBearer()).toBe(false);
  });

  it('changes nothing for who is signing in', () => {
    expect(at('/sign-in?to=/accounts').navigate).not.toHaveBeenCalled();
  });
});
