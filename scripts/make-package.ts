/**
 * Puts together what is published, in `dist/package/`: the built program, the built portal and a manifest of its own.
 * The repository itself is `private`: packed as it is, it would bring 98 packages (317 MB, 211 of them a Node.js that
 * nobody runs), although all of them but one are built in. docs/guides/releasing.md says how it is tried and published.
 *
 * `GITHUB_REPOSITORY` (`owner/name`), where set, becomes the manifest's `repository`, which provenance is checked against.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileCache, isCurrent, readBuild } from '../bin/built.js';
import { external, thirdPartyFile } from './build.ts';

const copied = ['bin', 'README.md', 'CHANGELOG.md', 'LICENSE'];
/** Where Vite says whose code is in the portal. */
const portalNotices = join('.vite', 'license.md');

/**
 * @param root the repository, whose program and portal are built
 * @param directory what to write; what is there goes away
 */
export function makePackage(root: string, directory: string): void {
  const build = readBuild(root);
  if (build === null || !isCurrent(root, build)) throw new Error('The program is not built: npm run build');
  const program = join(root, 'dist', build.directory);
  const portal = join(root, 'web', 'dist');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, 'dist'), { recursive: true });
  for (const path of copied) cpSync(join(root, path), join(directory, path), { recursive: true });
  cpSync(program, join(directory, 'dist', 'program'), {
    recursive: true,
    filter: (path) => ![compileCache, thirdPartyFile].includes(basename(path)),
  });
  cpSync(portal, join(directory, 'web', 'dist'), {
    recursive: true,
    filter: (path) => path !== join(portal, portalNotices),
  });
  writeJson(join(directory, 'dist', 'built-from.json'), { directory: 'program', sources: [] });
  writeJson(join(directory, 'package.json'), manifestOf(root));
  const inProgram = readFileSync(join(program, thirdPartyFile), 'utf8');
  const inPortal = readFileSync(join(portal, portalNotices), 'utf8');
  writeFileSync(
    join(directory, 'THIRD-PARTY.md'),
    `Whose code is built into this package.\n\n# In the program\n\n${inProgram}\n# In the portal\n\n${inPortal}`,
  );
}

function manifestOf(root: string): object {
  const { name, version, description, license, type, engines, bin, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository } = process.env;
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    ...(repository && { repository: { type: 'git', url: `git+${server}/${repository}.git` } }),
    bin,
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([each]) => external.test(each))),
    publishConfig: { access: 'public', provenance: true },
  };
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const directory = join(root, 'dist', 'package');
  makePackage(root, directory);
  console.log(`Made ${directory}.`);
}
