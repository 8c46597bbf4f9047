import { readFileSync } from 'node:fs';

// The same two steps up from src/core and from dist/core.
const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

function versionOf(value: unknown): string {
  if (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    typeof value.version === 'string'
  ) {
    return value.version;
  }
  throw new Error('package.json has no version.');
}

/** Hookwire's version, from package.json: `0.1.0`. */
export const version = versionOf(manifest);
