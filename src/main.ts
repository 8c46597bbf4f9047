import { exitCodes } from './cli/exit-codes.ts';
import { nodeProblem } from './cli/node-version.ts';

// Everything else is imported after the check: an old Node fails on the imports before it could say why.
const problem = nodeProblem(process.version, process.getBuiltinModule?.('node:sqlite') !== undefined);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = exitCodes.oldNode.code;
} else {
  const { runCli } = await import('./cli/run.ts');
  const { createProcessIo, exitSoon } = await import('./cli/io.ts');
  process.exitCode = await runCli(process.argv.slice(2), createProcessIo());
  exitSoon();
}
