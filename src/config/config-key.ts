import type { Parser } from './parsers.ts';

/** One configuration key. The reference page, `hookwire config` and the errors are made from this. */
export interface ConfigKey<T> {
  readonly name: `HOOKWIRE_${string}`;
  /** What it does, in plain words. */
  readonly description: string;
  /** What a value looks like, for the reference page. */
  readonly shape: string;
  /** `ms`, `bytes`, … ; `null` where there is none. */
  readonly unit: string | null;
  /** The text that stands for an absent value; `null`: there is none, and `absent` says what happens. */
  readonly default: string | null;
  /** What happens without a value, where there is no default. */
  readonly absent?: string;
  readonly example: string;
  /** A secret is never shown and never logged. */
  readonly secret: boolean;
  /** What people are shown of a secret's text that is right, instead of its beginning. */
  readonly show?: (text: string) => string;
  readonly parse: Parser<T>;
}

/** Declares a key, with the type that its parser gives. */
export function key<T>(declared: ConfigKey<T>): ConfigKey<T> {
  return declared;
}
