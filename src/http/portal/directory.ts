import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/package-root.ts';

/** Where the built portal lies. */
export const portalDirectory = join(packageRoot, 'web', 'dist');

/** Not where its tools are not installed (`npm ci --omit=dev`). */
export function isPortalBuilt(directory = portalDirectory): boolean {
  return existsSync(join(directory, 'index.html'));
}
