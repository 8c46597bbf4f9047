import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './problem.ts';

/** Whether trying again may help: not where the gateway has said what is wrong. */
function mayHelp(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.problem.status > 0 && error.problem.status < 500) return false;
  return failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: mayHelp }, mutations: { retry: false } },
});
