import type { AuthContext } from 'better-auth';

/** The parts of better-auth that read and write people. */
export interface AuthStore extends Pick<AuthContext, 'internalAdapter'> {
  readonly adapter: {
    deleteMany(rows: { model: string; where: { field: string; value: string }[] }): Promise<number>;
  };
}

/** Whether somebody whom the platform trusts vouches that the address is the person's: an operator, or the provider. */
export function isConfirmed(person: object): boolean {
  return 'confirmed' in person && person.confirmed === true;
}

/** Ends what a person could come in by: password, sessions, links. */
export async function revokeAccess({ internalAdapter, adapter }: AuthStore, personId: string): Promise<void> {
  await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: personId }] });
  const ways = await internalAdapter.findAccounts(personId);
  for (const { id, providerId } of ways) {
    if (providerId === 'credential') await internalAdapter.deleteAccount(id);
  }
  await internalAdapter.deleteUserSessions(personId);
}
