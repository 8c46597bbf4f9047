/**
 * Keeps how far a task has come, but not with each piece: to save waits for the disk, and so do others' commits meanwhile. What a
 * process that dies had done since is looked through again, and there is nothing left to do for it.
 */
export interface SavedPlace<P> {
  /** Saves this place if it is time to. */
  reached(place: P): Promise<void>;
  /** Saves it in any case. */
  end(place: P): Promise<void>;
}

const saveEveryMs = 5_000;

/** @param elapsed the time that passes, ms */
export function saveSeldom<P>(
  save: (place: P) => Promise<void>,
  elapsed: () => number = () => performance.now(),
): SavedPlace<P> {
  let savedAt = elapsed();

  async function end(place: P): Promise<void> {
    await save(place);
    savedAt = elapsed();
  }

  return {
    end,
    async reached(place) {
      if (elapsed() - savedAt >= saveEveryMs) await end(place);
    },
  };
}
