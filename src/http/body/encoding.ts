import { HookwireError } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';

const gzipNames: ReadonlySet<string> = new Set(['gzip', 'x-gzip']);

/**
 * How a body is packed, by its header `Content-Encoding`.
 * @throws HookwireError `unsupported_media_type` for every other way, and for one within another
 */
export function packingOf(header: string | undefined): 'gzip' | 'identity' {
  const codings = (header ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const [first, ...others] = codings;
  if (first === undefined) return 'identity';
  if (others.length === 0 && gzipNames.has(first)) return 'gzip';
  throw new HookwireError(
    'unsupported_media_type',
    `Send the body as it is or with Content-Encoding: gzip; ${shown(header ?? '')} is not taken.`,
  );
}

const charset = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^";\s]*))/gi;

/** @throws HookwireError `unsupported_media_type` where the type names another charset than UTF-8 */
export function requireUtf8(contentType: string | undefined): void {
  for (const [, ...named] of (contentType ?? '').matchAll(charset)) {
    const name = named.find((each) => each !== undefined) ?? '';
    if (!/^(utf-?8)?$/i.test(name.trim()))
      throw new HookwireError('unsupported_media_type', `Send the body as UTF-8, not as ${shown(name)}.`);
  }
}
