import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresServer } from './server.ts';

/** What is in all files of a server. One that goes while they are read is no more: it makes and renames some with each connection. */
export function contentsOf({ directory }: PostgresServer): readonly Buffer[] {
  return readdirSync(join(directory, 'data'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .flatMap(({ parentPath, name }) => read(join(parentPath, name)));
}

function read(file: string): readonly Buffer[] {
  try {
    return [readFileSync(file)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
