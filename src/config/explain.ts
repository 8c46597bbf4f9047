import { textOf } from './environment.ts';
import { type ConfigKey, configKeys } from './keys.ts';

/** One key as it takes effect, fit to be shown to people. */
export interface EffectiveValue {
  readonly name: string;
  /** Secrets are masked; an absent value is `(not set)`. */
  readonly value: string;
  readonly source: 'environment' | 'default';
}

const longestWholeMask = 8;

/** A secret with enough left to tell two of them apart: the first four characters of a long one. */
export function maskSecret(secret: string): string {
  return secret.length <= longestWholeMask ? '********' : `${secret.slice(0, 4)}********`;
}

/** Every key with its value and where the value comes from. The configuration need not be valid. */
export function explainConfig(env: NodeJS.ProcessEnv): readonly EffectiveValue[] {
  return Object.values<ConfigKey<unknown>>(configKeys).map((key) => {
    const text = textOf(env, key);
    const shown = text !== null && key.secret ? shownOf(text, key) : text;
    return {
      name: key.name,
      value: shown ?? (key.default || '(not set)'),
      source: text === null ? 'default' : 'environment',
    };
  });
}

function shownOf(text: string, { show, parse }: ConfigKey<unknown>): string {
  return show && 'value' in parse(text) ? show(text) : maskSecret(text);
}
