import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // For what never ends. It measures no machine: one that does ten other things takes ten times as long for a test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 90_000 } },
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
