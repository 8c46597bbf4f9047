import { readFile } from 'node:fs/promises';
import { leastPassphrase } from './configuration-file/sealing.ts';
import { CliError } from './exit-codes.ts';

/** The first line of a file; `null` where none is named. @throws {CliError} where it is none */
export async function readPassphrase(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('usage', `The passphrase file ${file} cannot be read (${error.code}).`, error);
  });
  const [passphrase = ''] = text.split(/\r?\n/, 1);
  if ([...passphrase].length >= leastPassphrase) return passphrase;
  throw new CliError(
    'usage',
    `The first line of ${file} must be a passphrase of ${leastPassphrase} characters or more: who gets the file may guess as fast as they like. openssl rand -base64 24 makes one.`,
  );
}
