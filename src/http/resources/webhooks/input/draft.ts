import type { InputError } from '../../../../core/errors.ts';
import { joinPath } from '../../../requests/json-path.ts';
import type { WebhookInput } from './schema.ts';

/** A thing of which every part may be missing. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** A webhook's body while it is checked: what is wrong is missing, so that the other rules can look at the rest. */
export type WebhookDraft = Draft<WebhookInput>;

/** Takes note of a wrong place. */
export type Report = (path: string, message: string) => void;

/**
 * What of an input has the right shape: without the places named by `errors`, so that the rules that come after can
 * look at the rest, and one answer names everything that is wrong. List items keep their places.
 */
export function draftOf(input: unknown, errors: readonly InputError[]): WebhookDraft {
  const wrong = new Set(errors.map((error) => error.path));
  if (wrong.has('')) return {};
  return keepSound(input, '', wrong) as WebhookDraft;
}

function keepSound(value: unknown, path: string, wrong: ReadonlySet<string>): unknown {
  if (wrong.has(path)) return undefined;
  if (Array.isArray(value)) return value.map((item, index) => keepSound(item, joinPath(path, index), wrong));
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [name, part] of Object.entries(value)) {
    const sound = keepSound(part, joinPath(path, name), wrong);
    if (sound !== undefined) kept.push([name, sound]);
  }
  return Object.fromEntries(kept);
}
