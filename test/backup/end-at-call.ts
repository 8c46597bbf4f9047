import fs, { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Read before a command: kills the process just before a call that changes names in the data directory, the first one
 * being 1. So a test can end it at each step, and needs no clock for it.
 */
const endsAt = Number(process.env.HOOKWIRE_TEST_ENDS_AT);
const dataDir = String(process.env.HOOKWIRE_DATA_DIR);
// The command refuses variables of its own that it does not know.
delete process.env.HOOKWIRE_TEST_ENDS_AT;
let calls = 0;

function count(path: unknown): void {
  if (String(path).startsWith(dataDir) && ++calls === endsAt) process.kill(process.pid, 'SIGKILL');
}

function watch(module: object, names: readonly string[]): void {
  const functions = module as Record<string, (...args: unknown[]) => unknown>;
  for (const name of names) {
    const original = functions[name];
    if (!original) throw new Error(`There is no ${name}.`);
    functions[name] = (...args) => {
      count(args[0]);
      return original(...args);
    };
  }
}

watch(fs, ['linkSync', 'renameSync', 'rmSync', 'writeFileSync']);
watch(promises, ['link', 'open', 'rename', 'rm']);
syncBuiltinESMExports();
