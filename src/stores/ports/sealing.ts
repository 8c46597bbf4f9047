/** Which master keys the secrets of the store are sealed with, and the way to one key for all. */
export interface Sealing {
  /** @throws CipherError `wrong_master_key` when no key that seals what is stored is at hand */
  check(): Promise<void>;
  /** From now on the current master key seals. */
  begin(now: number): Promise<void>;
  /** The id of the key that was last told by `begin`; `null`: never. */
  current(): Promise<string | null>;
  keys(): Promise<SealingKeys>;
  /** Looks at the next few hundred rows; with `reseal`, what another key sealed in them is sealed anew, in one transaction. */
  step(from: SealingPlace, reseal: boolean): Promise<SealingStep>;
  /** Nothing is sealed with these any more. */
  retire(keyIds: readonly string[]): Promise<void>;
}

export interface SealingKeys {
  readonly current: string;
  /** Other keys that may have sealed something that is stored. */
  readonly others: readonly SealingKeyOfOld[];
}

export interface SealingKeyOfOld {
  readonly id: string;
  /** It was given, so that what it sealed can be read. */
  readonly isAtHand: boolean;
}

/** How far a walk over everything that is sealed has come; opaque. `null` at its start. */
export type SealingPlace = { readonly table: number; readonly after: readonly (string | number)[] } | null;

export interface SealingStep {
  /** Signing secrets, versions of webhooks with header values, and the number key, that other keys sealed. */
  readonly found: number;
  /** Those of them that are sealed anew, or have gone meanwhile. */
  readonly done: number;
  /** Where those belong that could not be read: `wh_…`, or `number_key` of the gateway, each once. */
  readonly unreadable: readonly string[];
  /** `null`: this was the end. */
  readonly next: SealingPlace;
}
