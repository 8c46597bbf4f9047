import { createIntake, type Intake, mostCharactersQueued } from '../intake/accept.ts';
import { type Admission, createAdmission } from '../intake/admission.ts';
import { createIntakeRoom, type IntakeRoom } from '../intake/room.ts';
import { createWaitingCounts, type WaitingCounts } from '../intake/waiting-counts.ts';
import type { Basics } from './basics.ts';
import type { TalkParts } from './connect-processes.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

/** Where every event comes in. */
export interface IntakeParts {
  readonly intake: Intake;
  readonly admission: Admission;
  readonly room: IntakeRoom;
  /** Is to hear of what becomes of deliveries. */
  readonly waiting: WaitingCounts;
}

export function buildIntake(
  { config, clock, log, parts }: Basics,
  {
    store,
    accounts,
    registry,
    talk,
  }: Pick<StoreParts & KnownParts, 'store' | 'accounts' | 'registry'> & TalkParts,
): IntakeParts {
  const waiting = createWaitingCounts({
    ...{ clock, count: store.watch.waitingByAccount, registry, log },
    others: talk && { messages: talk.messages, areThere: talk.areThereOthers },
  });
  parts.defer(() => waiting.close());
  const admission = createAdmission({ clock, limitsOf: accounts.limitsOf, waiting });
  const room = createIntakeRoom({
    deliveries: config.intake.mostDeliveries,
    characters: mostCharactersQueued,
  });
  return {
    intake: createIntake({ deliveryLog: store.log, registry, room, admission }),
    admission,
    room,
    waiting,
  };
}
