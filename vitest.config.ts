import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'gateway',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/portal/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/portal/**/*.test.ts'],
          globalSetup: ['test/portal/build-portal.ts'],
          testTimeout: 90_000,
        },
      },
      {
        extends: true,
        resolve: { tsconfigPaths: true },
        test: {
          name: 'portal',
          include: ['web/src/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          setupFiles: ['web/src/testing/setup.ts'],
        },
      },
    ],
  },
});
