import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { version } from '../../src/core/version.ts';

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The machine, its load and the versions, as every benchmark prints them first. */
export function machine(): string {
  const [cpu] = cpus();
  const { node, sqlite } = process.versions;
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()} ${process.arch}`,
    `Hookwire ${version}, Node ${node}, SQLite ${sqlite ?? 'unknown'}, undici ${packageVersion(root, 'undici')}`,
    `load average before the run: ${loadavg()[0]?.toFixed(2)} (other work on the machine makes every figure worse)`,
  ].join('\n');
}

/** The version of a package installed in a directory; `null`: it is not installed there. */
export function packageVersion(directory: string, name: string): string | null {
  try {
    const file = `${directory}/node_modules/${name}/package.json`;
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  } catch {
    return null;
  }
}
