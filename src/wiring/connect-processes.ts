import { type Asking, createAsking } from '../cluster/asking.ts';
import { sealMessages } from '../cluster/sealed-messages.ts';
import { systemClock } from '../core/clock.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import type { Basics } from './basics.ts';
import type { StoreParts } from './open-store.ts';

/** How the processes that share a store talk with each other. */
export interface Talk {
  /** Sealed; they are started by who starts those of the store. */
  readonly messages: ProcessMessages;
  readonly asking: Asking;
  /** Whether there are others right now. */
  areThereOthers(): boolean;
}

export interface TalkParts {
  /** `null`: no others share the store. */
  readonly talk: Talk | null;
}

export function connectProcesses(
  { log, parts }: Basics,
  { cluster, messages, seal }: Pick<StoreParts, 'cluster' | 'messages' | 'seal'>,
): TalkParts {
  if (!messages) return { talk: null };
  let isTroubled = false;
  const sealed = sealMessages(messages, seal, (err) => {
    if (!isTroubled)
      log.warn(
        { err },
        'Another gateway says what this one cannot read: their master keys are not the same.',
      );
    isTroubled = true;
  });
  // Other processes are real, whatever time a test plays.
  const asking = createAsking({ messages: sealed, cluster, clock: systemClock });
  parts.defer(() => asking.close());
  return { talk: { messages: sealed, asking, areThereOthers: () => cluster.processes.length > 1 } };
}
