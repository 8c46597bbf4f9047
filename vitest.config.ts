import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Each thread of a gateway and each worker reads some hundred modules: what V8 compiled of them is taken from the last that
// did, which is half of the 0.8 s of CPU that a gateway takes to start from its sources.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

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
          name: 'portal-rules',
          include: ['web/src/**/*.test.ts'],
          environment: 'node',
          setupFiles: ['web/src/testing/setup-gateway.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        resolve: { tsconfigPaths: true },
        test: {
          name: 'portal',
          include: ['web/src/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['web/src/testing/setup-gateway.ts', 'web/src/testing/setup.ts'],
        },
      },
    ],
  },
});
