/** The first whose `node:sqlite` binds values to `?1` and `?2` as SQLite does; 24.6 answers "column index out of range". */
const oldest = { major: 24, minor: 7 };

/** What to say to somebody whose Node.js cannot run Hookwire, in one sentence; `null` when it can. */
export function nodeProblem(version: string, hasSqlite: boolean): string | null {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    return `Hookwire needs Node.js ${oldest.major}.${oldest.minor} or newer and this is ${version}: install a newer one, or use \`npm ci && npm start\` in the repository, which brings its own.`;
  }
  if (!hasSqlite) {
    return `Hookwire needs Node.js with its built-in SQLite (node:sqlite) and this ${version} was built without it: install one from nodejs.org.`;
  }
  return null;
}
