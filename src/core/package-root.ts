import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The repository, or the installed package: where `package.json` lies, from `src/` and from the built `dist/`. */
export const packageRoot = dirname(findPackageJSON(import.meta.url) ?? process.cwd());
