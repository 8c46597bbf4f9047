import type { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { ResealReport } from '../data-directory.ts';
import { runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createProgressLine } from './progress-line.ts';

export function resealMessage({ masterKeyId, done, retired }: ResealReport): string {
  const sealed = done === 0 ? 'Nothing had to be sealed anew.' : `Sealed ${done} secrets anew.`;
  const old =
    retired.length === 0
      ? ''
      : `\nNothing is sealed with ${retired.join(', ')} any more: take HOOKWIRE_MASTER_KEY_PREVIOUS away. Keep that key as long as backups from before are kept.`;
  return `${sealed} Everything is sealed with master key ${masterKeyId}.${old}\n`;
}

async function runReseal(io: Io): Promise<void> {
  const config = loadConfig(io.env);
  const { resealDirectory } = await import('../data-directory.ts');
  const line = createProgressLine(io);
  const report = await runDataCommand(io, config, async ({ signal }) => {
    const report = await resealDirectory(config, {
      signal,
      onProgress: (done, of) => line.show(`Sealed ${done} of ${of} secrets anew`),
      warn(details, message) {
        line.clear();
        io.err(`${message} ${JSON.stringify(details)}\n`);
      },
    }).finally(line.clear);
    if (signal.aborted) {
      throw new CliError('failed', `Stopped; ${report.left} secrets are left. Run it again to go on.`);
    }
    return report;
  });
  if (report.left > 0) {
    throw new CliError(
      'failed',
      `${report.done} secrets were sealed anew, and ${report.left} could not be read: give the key that sealed them in HOOKWIRE_MASTER_KEY_PREVIOUS, or set them anew.`,
    );
  }
  io.out(resealMessage(report));
}

/** `hookwire reseal`: the second half of a change of the master key. */
export function addResealCommand(program: Command, io: Io): void {
  program
    .command('reseal')
    .description('seal all secrets anew with the current master key, so that the previous one can be retired')
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR with HOOKWIRE_MASTER_KEY (or master.key) and HOOKWIRE_MASTER_KEY_PREVIOUS.
A gateway that was started with both does the same by itself, behind its traffic; the command is for not
waiting, and for knowing when it is done. Beside a gateway it works too, once that has the new key. It
goes on where it was stopped when it is run again.

Exits with 0 when nothing is sealed with another key any more, with 1 when something could not be read,
with 2 when the key that sealed is not given, with 3 when a gateway runs that has another key.

Examples:
  hookwire reseal
  HOOKWIRE_MASTER_KEY=$NEW HOOKWIRE_MASTER_KEY_PREVIOUS=$OLD hookwire reseal
`,
    )
    .action(() => runReseal(io));
}
