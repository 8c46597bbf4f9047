const oldestMajor = 24;

/** What to say to somebody whose Node.js cannot run Hookwire, in one sentence; `null` when it can. */
export function nodeProblem(version: string, hasSqlite: boolean): string | null {
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  if (major < oldestMajor) {
    return `Hookwire needs Node.js ${oldestMajor} or newer and this is ${version}: install a newer one, or use \`npm ci && npm start\` in the repository, which brings its own.`;
  }
  if (!hasSqlite) {
    return `Hookwire needs Node.js with its built-in SQLite (node:sqlite) and this ${version} was built without it: install one from nodejs.org.`;
  }
  return null;
}
