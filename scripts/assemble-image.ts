/**
 * Puts into a directory what the image has of ours, as the last stage of `deploy/Dockerfile` copies it, for machines on which no
 * engine builds containers: `node scripts/assemble-image.ts DIRECTORY`. What the image has besides is its base, and what `RUN`
 * makes there.
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastOf, listOf, pairsOf, readDockerfile, type Stage } from './dockerfile.ts';
import { makeInstalled, megabytesOf } from './make-installed.ts';

/** How the image is run, as the Dockerfile says. */
export interface ImageSettings {
  readonly base: string;
  readonly env: Readonly<Record<string, string>>;
  /** `10001:10001`. */
  readonly user: string;
  readonly workingDirectory: string;
  /** `ENTRYPOINT` and `CMD`. */
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * @param root a repository in which the `RUN` lines of the stages before were carried out: what lies in their working directory
 *   in a container lies there
 * @param directory stands for the root of the image's file system
 */
export function assembleImage(root: string, directory: string): ImageSettings {
  const stages = readDockerfile(readFileSync(join(import.meta.dirname, '../deploy/Dockerfile'), 'utf8'));
  const image = stages.at(-1);
  if (!image) throw new Error('The Dockerfile has no stage.');
  for (const { name, flags, text, line } of image.instructions) {
    if (name === 'ADD') throw new Error(`Line ${line}: ADD does more than to copy.`);
    if (name !== 'COPY') continue;
    const from = stages.find((stage) => stage.name === flags.from);
    const within = from && lastOf(from, 'WORKDIR')?.text;
    const words = text.split(/\s+/);
    const to = words.pop() ?? '';
    for (const path of words) {
      if (!within || !`${path}/`.startsWith(`${within}/`))
        throw new Error(`Line ${line}: ${path} is not in the working directory of a stage.`);
      mkdirSync(join(directory, to), { recursive: true });
      cpSync(join(root, path.slice(within.length)), join(directory, to), { recursive: true });
    }
  }
  return settingsOf(image);
}

function settingsOf(image: Stage): ImageSettings {
  const textOf = (name: string): string => lastOf(image, name)?.text ?? '';
  const every = (name: string): Readonly<Record<string, string>> =>
    Object.assign(
      {},
      ...image.instructions.filter((each) => each.name === name).map(({ text }) => pairsOf(text)),
    );
  return {
    base: image.base,
    env: every('ENV'),
    user: textOf('USER'),
    workingDirectory: textOf('WORKDIR'),
    command: [...(listOf(textOf('ENTRYPOINT')) ?? []), ...(listOf(textOf('CMD')) ?? [])],
    healthCheck: listOf(textOf('HEALTHCHECK').replace(/^CMD\s+/, '')) ?? [],
    labels: every('LABEL'),
  };
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const [directory] = process.argv.slice(2);
  if (directory === undefined) throw new Error('Usage: node scripts/assemble-image.ts DIRECTORY');
  makeInstalled(root, join(root, 'dist', 'installed'));
  assembleImage(root, directory);
  console.log(`Assembled ${directory}, ${megabytesOf(directory).toFixed(1)} MB.`);
}
