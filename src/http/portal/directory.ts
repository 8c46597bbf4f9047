import { join } from 'node:path';
import { packageRoot } from '../../core/package-root.ts';

/** Where the built portal lies. */
export const portalDirectory = join(packageRoot, 'web', 'dist');
