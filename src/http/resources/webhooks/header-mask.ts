import type { NameAndValue } from '../../../core/webhook.ts';
import { maskValue } from '../../../shared/header-mask.ts';

export function maskHeaders(headers: readonly NameAndValue[]): NameAndValue[] {
  return headers.map(({ name, value }) => ({ name, value: maskValue(value) }));
}

/** Masks, in a request's headers, those that the webhook's owner set. */
export function maskRequestHeaders(
  headers: readonly (readonly [string, string])[],
  custom: readonly NameAndValue[],
): (readonly [string, string])[] {
  const names = new Set(custom.map((header) => header.name.toLowerCase()));
  return headers.map(([name, value]) => [name, names.has(name.toLowerCase()) ? maskValue(value) : value]);
}

/**
 * Puts saved values back where an input has their masks, so that what `GET` answered can be `PUT`. Headers are found
 * by name, in any case; a mask of something else stays and is refused later.
 *
 * @param input a webhook's body, not yet checked
 */
export function restoreMasked(input: unknown, saved: readonly NameAndValue[]): unknown {
  if (typeof input !== 'object' || input === null || !('customHeaders' in input)) return input;
  if (!Array.isArray(input.customHeaders)) return input;
  const values = new Map(saved.map(({ name, value }) => [name.toLowerCase(), value]));
  return { ...input, customHeaders: input.customHeaders.map((header: unknown) => restore(header, values)) };
}

function restore(header: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof header !== 'object' || header === null || !('name' in header) || !('value' in header))
    return header;
  const value = typeof header.name === 'string' ? values.get(header.name.toLowerCase()) : undefined;
  return value !== undefined && header.value === maskValue(value) ? { ...header, value } : header;
}
