import { type BesideWriter, type Desk, openDesk } from '../desk/desk.ts';
import { openReader, type Reader } from '../reader/reader.ts';

/** The threads beside the writer's: one for changes, one for what only reads. */
export interface Threads {
  readonly desk: Desk;
  readonly reader: Reader;
}

/**
 * Starts both, or neither.
 * @param onFailure one of them died by itself
 * @param beside the writer of the same process; `null`: there is none
 * @throws what opening the file failed with
 */
export async function openThreads(
  file: string,
  onFailure?: (error: Error) => void,
  beside: BesideWriter | null = null,
): Promise<Threads & { close(): Promise<void> }> {
  const options = onFailure ? { onFailure } : {};
  const [desk, reader] = await Promise.allSettled([
    openDesk(file, options, beside),
    openReader(file, options),
  ]);
  if (desk.status === 'fulfilled' && reader.status === 'fulfilled') {
    const threads = { desk: desk.value, reader: reader.value };
    return {
      ...threads,
      async close() {
        // Whoever closes last folds the WAL into the database, which one that only reads cannot.
        await threads.reader.close();
        await threads.desk.close();
      },
    };
  }
  for (const opened of [desk, reader]) if (opened.status === 'fulfilled') await opened.value.close();
  throw desk.status === 'rejected' ? desk.reason : (reader as PromiseRejectedResult).reason;
}
