/**
 * `kept`: all of an event is there. `cut`: its contents were kept until the clock of the account's payload had run out.
 * `erased`: somebody asked for it to be forgotten.
 */
export const contentsStates = ['kept', 'cut', 'erased'] as const;
export type Contents = (typeof contentsStates)[number];

/** What is kept of a phone number that is gone. */
export interface CutNumber {
  /** Its last digits, four at most; none of what is no number. */
  readonly last4: string;
  /** As `numberHash` gives it, of the number in its normal form. */
  readonly hash: string;
}

/** What is known of an event whose contents are gone, beside what its fields still say. */
export interface Cut {
  readonly contents: Exclude<Contents, 'kept'>;
  readonly mobileNumber: CutNumber | null;
  /** What tells the report from others (`cutIdentity`), where a repetition may still come. */
  readonly identity: string | null;
}
