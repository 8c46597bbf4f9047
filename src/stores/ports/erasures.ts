import type { Sought } from '../../core/traces.ts';
import type { AuditActor } from './audit.ts';
import type { Page, PageRequest } from './page.ts';

/** `erasure`: a person is forgotten. `account_deletion`: an account goes with all that it has. */
export const erasureKinds = ['erasure', 'account_deletion'] as const;
export type ErasureKind = (typeof erasureKinds)[number];

/**
 * ```text
 * waiting ──▸ running ──▸ done
 *    ▲           │ what waits for delivery is delivered first
 *    └───────────┘
 * ```
 */
export const erasureStates = ['waiting', 'running', 'done'] as const;
export type ErasureState = (typeof erasureStates)[number];

/** What becomes of a person's events that wait for delivery. */
export const waitingChoices = ['deliver', 'drop'] as const;
export type WaitingChoice = (typeof waitingChoices)[number];

/** Why a delivery was skipped that waited when its person was erased. */
export const erasedReason = 'erased';

/** What was erased, by kind; what is not named was not met. No name of the person is in it. */
export type ErasureCounts = Readonly<Partial<Record<ErasedKind, number>>>;
export const erasedKinds = [
  'events',
  'deliveries',
  'dropped',
  'attempts',
  'mentions',
  'answers',
  'tasks',
  'auditEntries',
  'keptAnswers',
  'webhooks',
  'webhookVersions',
  'statistics',
] as const;
export type ErasedKind = (typeof erasedKinds)[number];

/** Work that erases. Instants are ms since the Unix epoch. */
export interface Erasure {
  /** `task_…` */
  readonly id: string;
  readonly kind: ErasureKind;
  /** Whose it is; `null`: the platform's own, over all accounts. */
  readonly accountId: string | null;
  /** Of an `account_deletion`, which is the platform's: the account that goes. */
  readonly deletedAccountId: string | null;
  /** Who is forgotten; `null` where it has ended: it is kept, sealed, no longer than that. */
  readonly sought: Sought | null;
  readonly waiting: WaitingChoice;
  readonly by: AuditActor;
  readonly state: ErasureState;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** Where it goes on after a restart; `null` when it has ended. */
  readonly place: ErasurePlace | null;
  readonly counts: ErasureCounts;
}

/**
 * The steps of an erasure, in order; events are looked through again for those that waited. `echoes`: where something of
 * the person was sent meanwhile, what that left elsewhere goes too, also behind the last event that is looked at.
 */
export const erasureSteps = ['events', 'echoes', 'rest', 'files'] as const;

export interface ErasurePlace {
  readonly step: (typeof erasureSteps)[number];
  /** The last event that was looked at; 0: none. */
  readonly after: number;
  /** The first event that there was when it began, and the last that it looks at; `null`: not looked up yet. */
  readonly first: number | null;
  readonly upTo: number | null;
  /** Events that wait for delivery first. */
  readonly outstanding: readonly number[];
  /** Behind this one there may be more of these than fit; `null`: there are not. */
  readonly againFrom: number | null;
  /** Something of the person was sent since the erasure was asked for, or ended so. */
  readonly sentSince: boolean;
}

/**
 * What is looked at. `events`: all, with what was answered to their deliveries. `echoes`: what endpoints answered to others,
 * since one answer is that to all deliveries of a batch, and what the gateway reports itself, as that a delivery has failed.
 */
export type ErasureLook = 'events' | 'echoes';

/** What is found in one look, and where the next one goes on. */
export interface FoundEvents {
  /** Numbers of events that hold something of the person, or belong to the account. */
  readonly events: readonly number[];
  /** The last event that was looked at; `null`: there is none left. */
  readonly next: number | null;
}

/** Events with deliveries that wait, which keeps them from being erased. */
export interface WaitingEvent {
  readonly event: number;
  readonly deliveries: readonly { readonly id: string; readonly webhookId: string }[];
}

export interface ErasedEvents {
  /** So many of those given were dealt with, in their order. */
  readonly done: number;
  /** Those of them that stay as they are for now. */
  readonly waiting: readonly WaitingEvent[];
  /** Deliveries of those that were erased have ended since the erasure was asked for, or shortly before. */
  readonly sentSince: boolean;
}

/**
 * Erases, in pieces of some ms; each counts what it does for its task in the same transaction. What was erased is nowhere in
 * the store's files once {@link ErasureStore.wipe} has ended.
 */
export interface ErasureStore {
  create(erasure: Erasure): Promise<void>;
  /** Replaces `state` and `place`; with `finishedAt` it has ended, and who was sought goes. */
  save(erasure: Pick<Erasure, 'id' | 'state' | 'place' | 'finishedAt'>): Promise<void>;
  get(id: string): Promise<Erasure | null>;
  /** Newest first; `accountId: null` for every account's and the platform's own. */
  list(filter: { readonly accountId: string | null }, page: PageRequest): Promise<Page<Erasure>>;
  /** Those that have not ended, oldest first. */
  unfinished(): Promise<readonly Erasure[]>;

  /** The first event that is stored and the last; 0 where there are none. */
  storedSpan(): Promise<{ readonly first: number; readonly last: number }>;
  /**
   * The next events behind `after`, up to `upTo`, in which somebody's traces are.
   * @param mostMs after which a look ends, of what the store's threads have for it
   */
  find(
    erasure: Erasure,
    after: number,
    upTo: number,
    look: ErasureLook,
    mostMs: number,
  ): Promise<FoundEvents>;
  /** Erases a person from some events, with their deliveries and attempts. */
  eraseEvents(erasure: Erasure, events: readonly number[], look: ErasureLook): Promise<ErasedEvents>;
  /** Erases a person from tasks, the audit log and kept answers. Resolves to where to go on, `null` at the end. */
  eraseRest(erasure: Erasure, from: RestPlace | null): Promise<RestPlace | null>;

  /** Accounts that are marked as deleted and have no task that removes them. */
  deletedWithoutTask(): Promise<readonly string[]>;
  /** The webhooks of an account that is deleted. */
  webhooksOf(accountId: string): Promise<readonly string[]>;
  /** The next events behind `after`, up to `upTo`, of the account that is deleted. */
  findOfAccount(erasure: Erasure, after: number, upTo: number, mostMs: number): Promise<FoundEvents>;
  /** Deletes some events of it, with their deliveries and attempts. Resolves to how many, in their order. */
  deleteEvents(erasure: Erasure, events: readonly number[]): Promise<number>;
  /** Deletes what else it has, the account itself last. Resolves to where to go on, `null` at the end. */
  deleteRest(erasure: Erasure, from: RestPlace | null): Promise<RestPlace | null>;

  /** Whether searches have lost what this one has erased, by hashes too: it is taken out of the index behind the erasing. */
  isForgotten(erasure: Pick<Erasure, 'id'>): Promise<boolean>;
  /** Nobody may write while a piece of {@link ErasureStore.wipe} is under way. */
  readonly wipesAlone: boolean;
  /** Overwrites what the files hold of what was erased, in bytes that nothing uses any more. `null` at the end. */
  wipe(from: WipePlace | null): Promise<WipePlace | null>;
}

/** How far a walk over tables has come; opaque. */
export interface RestPlace {
  readonly table: number;
  readonly after: readonly (string | number)[];
}

/** How far a walk over the pages of the file, or over what is to be written anew, has come; opaque. */
export interface WipePlace {
  readonly page: number;
  /** The last that was to be written anew when the walk began. */
  readonly upTo?: number;
}
