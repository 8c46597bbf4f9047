import type { Sealing, SealingPlace } from '../stores/ports/sealing.ts';

export interface LeftToReseal {
  /** The ids of other keys that may still be needed to read something. */
  readonly otherKeyIds: readonly string[];
  /** Signing secrets, and versions of webhooks with header values, that another key sealed; `null`: they are not counted yet. */
  readonly left: number | null;
}

export interface ResealLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface ResealParts {
  readonly sealing: Pick<Sealing, 'keys' | 'current' | 'step' | 'retire'>;
  /** Whether every process that shares the store is known to seal with the current key. */
  readonly allSealWithIt: () => Promise<boolean>;
  /** Called between two steps. */
  readonly rest: () => Promise<void>;
  readonly isStopped: () => boolean;
  readonly onStatus: (status: LeftToReseal) => void;
  readonly tell: (done: number, of: number) => void;
  readonly log: ResealLog;
}

export interface ResealResult {
  readonly done: number;
  /** What could not be read: its key is not at hand, or it was damaged. */
  readonly left: number;
  /** Keys that are not needed any more. */
  readonly retired: readonly string[];
  /** Somebody else may still seal with another key: none was retired, and all of this is to be done again later. */
  readonly isWaiting: boolean;
}

/**
 * Counts what other keys sealed, then seals it anew, step by step. Not before all that share the store seal with the current key:
 * those that have only an earlier one could read nothing of it, and what they seal meanwhile may be behind the walk.
 */
export async function resealAll(parts: ResealParts): Promise<ResealResult> {
  const { sealing, onStatus, log } = parts;
  const { current, others } = await sealing.keys();
  const otherKeyIds = others.map(({ id }) => id);
  if (others.length === 0) {
    onStatus({ otherKeyIds, left: 0 });
    return { done: 0, left: 0, retired: [], isWaiting: false };
  }
  onStatus({ otherKeyIds, left: null });
  // One that starts with another key makes that the current one, whether it was heard of yet or not.
  const isAlone = async (): Promise<boolean> =>
    (await sealing.current()) === current && (await parts.allSealWithIt());
  if (!(await isAlone())) return { done: 0, left: 0, retired: [], isWaiting: true };
  let of = 0;
  for await (const { found } of walk(parts, false)) of += found;
  onStatus({ otherKeyIds, left: of });
  let done = 0;
  let unreadable = 0;
  for await (const step of walk(parts, true)) {
    done += step.done;
    unreadable += step.found - step.done;
    if (step.unreadable.length > 0) {
      log.warn(
        { owners: step.unreadable },
        'Secrets of these could not be read: they are damaged, or sealed with a master key that is not given.',
      );
    }
    parts.tell(done, of);
    onStatus({ otherKeyIds, left: Math.max(of - done, unreadable) });
  }
  if (parts.isStopped()) return { done, left: Math.max(0, of - done), retired: [], isWaiting: false };
  if (!(await isAlone())) return { done, left: unreadable, retired: [], isWaiting: true };
  // What a key that is not at hand has sealed stays as it is, and so does the note that it is needed.
  const retired = others.filter(({ isAtHand }) => isAtHand || unreadable === 0).map(({ id }) => id);
  await sealing.retire(retired);
  onStatus({ otherKeyIds: otherKeyIds.filter((id) => !retired.includes(id)), left: unreadable });
  log.info(
    { done, left: unreadable, masterKeyId: current, retired },
    unreadable === 0
      ? `Everything is sealed with master key ${current}; ${retired.join(', ')} can be retired: take HOOKWIRE_MASTER_KEY_PREVIOUS away.`
      : `${done} secrets were sealed anew with master key ${current}; ${unreadable} could not be read.`,
  );
  return { done, left: unreadable, retired, isWaiting: false };
}

async function* walk({ sealing, rest, isStopped }: ResealParts, reseal: boolean) {
  let place: SealingPlace = null;
  do {
    const step = await sealing.step(place, reseal);
    yield step;
    place = step.next;
    if (place !== null) await rest();
  } while (place !== null && !isStopped());
}
