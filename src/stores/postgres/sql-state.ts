/** What PostgreSQL calls an error (SQLSTATE), '' for one that is not its own. */
export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
