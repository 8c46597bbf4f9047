import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, temporaryDirectory } from '../../bench/harness/children.ts';
import { runCli } from '../../src/cli/run.ts';
import { createRecordedIo } from '../../src/cli/testing/recorded-io.ts';

/** What a command printed, and the code that it ended with. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A data directory that commands move configuration from and to. */
export interface MovingDirectory extends Disposable {
  readonly dataDir: string;
  run(...argv: string[]): Promise<Ran>;
  /** Imports a file with this content. */
  import(content: unknown, ...options: string[]): Promise<Ran>;
  /** What an export writes. */
  export(...options: string[]): Promise<string>;
  /** What an export leaves in a file that had this text before. */
  exportOver(text: string, ...options: string[]): Promise<string>;
}

/** @param dataDir one that is there already, and stays */
export function openMovingDirectory(dataDir?: string): MovingDirectory {
  const root = temporaryDirectory('moving');
  const own = dataDir ?? join(root, 'data');
  const file = join(root, 'file.json');
  async function run(...argv: string[]): Promise<Ran> {
    const io = createRecordedIo({ HOOKWIRE_DATA_DIR: own });
    const code = await runCli(argv, io);
    return { code, out: io.stdout, err: io.stderr };
  }
  return {
    dataDir: own,
    run,
    import(content, ...options) {
      writeFileSync(
        file,
        typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content),
      );
      return run('import', file, ...options);
    },
    async export(...options) {
      const { code, out, err } = await run('export', ...options);
      if (code !== 0) throw new Error(err);
      return out;
    },
    async exportOver(text, ...options) {
      writeFileSync(file, text);
      const { code, err } = await run('export', file, '--force', ...options);
      if (code !== 0) throw new Error(err);
      return readFileSync(file, 'utf8');
    },
    [Symbol.dispose]: () => removeDirectory(root),
  };
}
