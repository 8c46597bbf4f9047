/** Finds in `package-lock.json` what packages need of others, as `npm ci` has installed it. */

/** What stands in `package-lock.json` of a package. */
interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  /** By the directory, from the root: `node_modules/a/node_modules/b`. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * @param names as in the `dependencies` of a manifest
 * @returns the directories of these packages and of all that they need, sorted; what is optional for one and not installed is not
 *   among them
 * @throws when one that is needed is not locked
 */
export function lockedPackages({ packages }: Lock, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const add = (from: string, name: string, isNeeded: boolean): void => {
    const directory = find(packages, from, name);
    if (directory === null) {
      if (isNeeded)
        throw new Error(`${name}, which ${from || 'the package'} needs, is not in package-lock.json.`);
      return;
    }
    if (found.has(directory)) return;
    found.add(directory);
    const { dependencies, optionalDependencies, peerDependencies } = packages[directory] ?? {};
    const optional = new Set(Object.keys(optionalDependencies ?? {}));
    for (const each of Object.keys(dependencies ?? {})) add(directory, each, !optional.has(each));
    for (const each of [...optional, ...Object.keys(peerDependencies ?? {})]) add(directory, each, false);
  };
  for (const name of names) add('', name, true);
  return [...found].sort();
}

/** Where Node.js finds a package that is asked for by one in the directory `from`: beside it, or further up. */
function find(packages: Lock['packages'], from: string, name: string): string | null {
  for (let above = from; ; above = above.slice(0, Math.max(0, above.lastIndexOf('node_modules/') - 1))) {
    const directory = `${above === '' ? '' : `${above}/`}node_modules/${name}`;
    if (packages[directory]) return directory;
    if (above === '') return null;
  }
}
