import type { DeliveryState } from '../../core/delivery.ts';
import type { DeliveryFilter } from './history.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * ```text
 * collecting ──▸ running ──▸ done
 *      └────────────┴──────▸ cancelled, failed (with its reason)
 * ```
 * `waiting` is never stored: the task is not at work right now, for its endpoints get nothing or others have their turn.
 */
export const taskStates = ['waiting', 'collecting', 'running', 'done', 'cancelled', 'failed'] as const;
export type TaskState = (typeof taskStates)[number];

/** `recover`: of one webhook; `replay`: of whatever a list's filter finds. */
export const taskKinds = ['recover', 'replay'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Deliveries that have ended: the others go on by themselves. */
export const replayableStates = ['failed', 'skipped', 'delivered'] as const satisfies DeliveryState[];
export type ReplayableState = (typeof replayableStates)[number];

/** Where the part of a task that belongs to one webhook stands, for going on after a restart. */
export interface TaskProgress {
  readonly webhookId: string;
  /** The last delivery, in the order of acceptance, that the task has dealt with; `null`: none yet. */
  readonly after: string | null;
  /** Deliveries that were queued for another attempt and had not had it. */
  readonly outstanding: readonly string[];
  /** Deliveries that are being queued right now: the store may or may not have done it. */
  readonly queueing: readonly string[];
}

/** Replay of everything that matches a filter. Instants are ms since the Unix epoch. */
export interface Task {
  /** `task_…` */
  readonly id: string;
  readonly accountId: string;
  readonly kind: TaskKind;
  /** What is sent again: the account's deliveries that pass this and are in one of `states`. */
  readonly filter: Omit<DeliveryFilter, 'accountId' | 'state'>;
  readonly states: readonly ReplayableState[];
  readonly state: TaskState;
  /** Why it failed; else `null`. */
  readonly reason: string | null;
  /** Deliveries in all; `null` until they were counted. */
  readonly total: number | null;
  /** Delivered. */
  readonly done: number;
  /** The attempt did not deliver; the delivery then goes on as after any failed attempt. */
  readonly failed: number;
  /** Not sent: gone, sent meanwhile by somebody else, or its webhook was deleted. */
  readonly skipped: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** The parts that are not through; `null` before they are known and when the task has ended. */
  readonly progress: readonly TaskProgress[] | null;
}

export interface TaskStore {
  create(task: Task): Promise<void>;
  /** Replaces what changes: state, reason, counts, progress, `finishedAt`. One that has ended stays as it is. */
  save(task: Task): Promise<void>;
  get(id: string): Promise<Task | null>;
  /** Newest first, without their `progress`; `accountId: null` for every account. */
  list(filter: { readonly accountId: string | null }, page: PageRequest): Promise<Page<Task>>;
  /** Those that have not ended, oldest first. */
  unfinished(): Promise<readonly Task[]>;
}
