import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import type { CallMessage } from '../../src/core/threads/connection.ts';

/**
 * Read before the gateway: on SIGUSR2 one of its threads is ended from outside, after another one was given a statement
 * that never ends.
 */
const { HOOKWIRE_TEST_DIES: dies, HOOKWIRE_TEST_HANGS: hangs } = process.env;
// The gateway refuses variables of its own that it does not know.
delete process.env.HOOKWIRE_TEST_DIES;
delete process.env.HOOKWIRE_TEST_HANGS;
const started = new Map<string, threads.Worker>();

threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options?: threads.WorkerOptions) {
    super(file, options);
    started.set(options?.name ?? '', this);
  }
};
syncBuiltinESMExports();

const endless =
  'with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n where x < 0';

process.on('SIGUSR2', () => {
  const hang: CallMessage = { call: 'run', args: [{ sql: endless, parameters: [] }] };
  started.get(hangs ?? '')?.postMessage(hang);
  void started.get(dies ?? '')?.terminate();
});
