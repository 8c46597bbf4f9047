import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Each thread of a gateway and each worker reads some hundred modules: what V8 compiled of them is taken from the last that
// did, which is half of the 0.8 s of CPU that a gateway takes to start from its sources.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

/**
 * Have a process of their own. All others of the gateway share one with what ran before in the same worker: to start a
 * process and to read the gateway for each of 350 files was a third of all CPU. They leave nothing behind that another
 * could find.
 */
const alone = [
  // They measure memory or CPU of their process.
  'test/all-bad-at-once.test.ts',
  'test/hostile-load.test.ts',
  'test/receive/dear-input.test.ts',
  'src/core/mask-number.test.ts',
  'src/http/body/unpack.test.ts',
  'src/http/idempotency/recent-answers.test.ts',
  'src/http/resources/webhooks/neighbours.test.ts',
  // They compare with the names that V8 reads in random JSON, which it does wrongly in a process that read certain others
  // before (nodejs/node#63785).
  'test/as-it-came.test.ts',
  'src/core/event-text.test.ts',
  'src/core/kept-json.test.ts',
  'src/http/body/keep.test.ts',
  'src/shared/json-members.test.ts',
];

/** Are run a second time with the data in PostgreSQL. */
const onPostgres = [
  'test/accept.test.ts',
  'test/audit.test.ts',
  'test/delivery/*.test.ts',
  'test/limits.test.ts',
  'test/lists-as-files.test.ts',
  'test/live.test.ts',
  'test/numbers.test.ts',
  'test/people/people.test.ts',
  'test/recover.test.ts',
  'test/retention.test.ts',
  'test/stats.test.ts',
  'test/stopping.test.ts',
  'test/tenancy.test.ts',
  'test/viewer.test.ts',
  'test/postgres/*.test.ts',
];

/** Replace modules of the portal by their own, which must not have been read before. */
const mocking = [
  'web/src/layout/person-menu.test.tsx',
  'web/src/pages/keys/new-key-modal.test.tsx',
  'web/src/pages/people/invite-modal.test.tsx',
  'web/src/pages/sign-in/*.test.tsx',
  'web/src/pages/webhook-details/webhook-details-page.test.tsx',
  'web/src/pages/webhook-form/*.test.tsx',
];

const setup = ['test/property-seed.ts'];
const setupOfPages = [...setup, 'web/src/testing/setup-gateway.ts', 'web/src/testing/setup.ts'];

export default defineConfig({
  test: {
    // For what never ends. It measures no machine: one that does ten other things takes ten times as long for a test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // On 2 cores one more than these: tests that start processes wait for them, and for the disk, a fifth of their time.
    maxWorkers: 3,
    expect: { poll: { timeout: 90_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'gateway',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/portal/**', 'test/postgres/**', 'src/stores/postgres/**', ...alone],
          setupFiles: setup,
          isolate: false,
        },
      },
      { extends: true, test: { name: 'gateway-alone', include: alone, setupFiles: setup } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['src/stores/postgres/**/*.test.ts'],
          globalSetup: ['src/stores/postgres/testing/prepare.ts'],
          setupFiles: setup,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          // What a gateway does, with its data in PostgreSQL.
          name: 'on-postgres',
          include: onPostgres,
          globalSetup: ['src/stores/postgres/testing/prepare.ts'],
          setupFiles: setup,
          env: { HOOKWIRE_TEST_STORE: 'postgres' },
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/portal/**/*.test.ts'],
          globalSetup: ['test/portal/prepare.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        resolve: { tsconfigPaths: true },
        test: {
          name: 'portal-rules',
          include: ['web/src/**/*.test.ts'],
          environment: 'node',
          setupFiles: [...setup, 'web/src/testing/setup-gateway.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        resolve: { tsconfigPaths: true },
        test: {
          name: 'portal',
          include: ['web/src/**/*.test.tsx'],
          exclude: mocking,
          environment: 'happy-dom',
          setupFiles: setupOfPages,
          isolate: false,
        },
      },
      {
        extends: true,
        resolve: { tsconfigPaths: true },
        test: {
          name: 'portal-alone',
          include: mocking,
          environment: 'happy-dom',
          setupFiles: setupOfPages,
        },
      },
    ],
  },
});
