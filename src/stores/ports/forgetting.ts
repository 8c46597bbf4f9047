import type { KeepDays } from '../../core/keeping.ts';

/** What people did and configured that goes by itself when it is old; events have `retention.ts`. */
export const forgettable = [
  'audit entries',
  'tasks',
  'webhook versions',
  'signing secrets',
  'webhooks',
  'breakers',
  'invitations',
  'people',
  'sessions',
  'links',
  'used portal links',
] as const;
export type Forgettable = (typeof forgettable)[number];

/** How long things are kept, and since when that is counted. */
export interface ForgetTimes {
  /** ms since the Unix epoch. */
  readonly now: number;
  /** Of accounts that have no time of their own. */
  readonly keep: KeepDays;
  /** Of audit entries, in days; 0: for ever. */
  readonly auditDays: number;
}

/** How far a walk over everything that may be old has come; opaque. `null` at its start. */
export type ForgetPlace = { readonly kind: number; readonly after: readonly (string | number)[] } | null;

export interface ForgetStep {
  readonly what: Forgettable;
  /** How many went. */
  readonly gone: number;
  /** `null`: this was the end. */
  readonly next: ForgetPlace;
}

/**
 * Takes away what has outlived its time:
 *
 * - audit entries after `auditDays`; finished tasks, whose filters may name numbers, with the payload of their account;
 * - versions of a webhook that were replaced so long ago that no attempt in the log was made by them; signing secrets that
 *   signed nothing that can be shown any more;
 * - webhooks that were deleted so long ago that nothing in the log names them, and breakers of deleted ones;
 * - invitations that nobody took up in {@link invitationDays} and whose link is over, and people without a role;
 * - sessions and links that are over.
 */
export interface Forgetting {
  /** Looks at the next few hundred rows, and takes away in one transaction those that are old. */
  step(from: ForgetPlace, times: ForgetTimes): Promise<ForgetStep>;
}

/** An invitation is withdrawn when nobody has come by it for so long. */
export const invitationDays = 90;
