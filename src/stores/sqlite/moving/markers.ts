import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MoveDirection, movedStore } from '../../moving/move-error.ts';
import { flushDirectory } from '../backup/partial-file.ts';

/** What a file beside the database says of a move. */
export interface MoveMark {
  /** The other store, for people. */
  readonly other: string;
  /** What tells the store that is moved from others. */
  readonly source: string;
}

/** While a directory is filled, and from when all that was in it is elsewhere. */
const files = { into: 'hookwire.moving', from: 'hookwire.moved' } as const satisfies Record<
  MoveDirection,
  string
>;

/** @param database the file `hookwire.db`, there or not. @throws {MovedStoreError} */
export function refuseMoved(database: string): void {
  const dataDir = dirname(database);
  const into = readMark(dataDir, 'into');
  if (into) throw movedStore('into', into.other, { isOver: false, undo: '' });
  const from = readMark(dataDir, 'from');
  const undo = `To use this all the same, delete ${join(dataDir, files.from)}.`;
  if (from) throw movedStore('from', from.other, { isOver: true, undo });
}

export function readMark(dataDir: string, direction: MoveDirection): MoveMark | null {
  const file = join(dataDir, files[direction]);
  if (!existsSync(file)) return null;
  return JSON.parse(readFileSync(file, 'utf8')) as MoveMark;
}

export async function writeMark(dataDir: string, direction: MoveDirection, mark: MoveMark): Promise<void> {
  writeFileSync(join(dataDir, files[direction]), `${JSON.stringify(mark)}\n`, { mode: 0o600, flush: true });
  await flushDirectory(dataDir);
}

export async function takeMark(dataDir: string, direction: MoveDirection): Promise<void> {
  rmSync(join(dataDir, files[direction]), { force: true });
  await flushDirectory(dataDir);
}
