/**
 * Whether all tests pass on it, so whether it makes none of these mistakes: until 24.6 `node:sqlite` binds no values to `?1`,
 * until 24.14 it stores an empty blob as NULL; until 24.15, and in 25, a connection's reset is not told from its end.
 */
function isTaken(major: number, minor: number): boolean {
  return major >= 26 || (major === 24 && minor >= 16);
}

/** What to say to somebody whose Node.js cannot run Hookwire, in one sentence; `null` when it can. */
export function nodeProblem(version: string, hasSqlite: boolean): string | null {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (!isTaken(major, minor)) {
    return `Hookwire needs Node.js 26 or newer, or 24 from 24.16 on, and this is ${version}: install a newer one, or use \`npm ci && npm start\` in the repository, which brings its own.`;
  }
  if (!hasSqlite) {
    return `Hookwire needs Node.js with its built-in SQLite (node:sqlite) and this ${version} was built without it: install one from nodejs.org.`;
  }
  return null;
}
