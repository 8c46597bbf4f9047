import { randomBytes } from 'node:crypto';
import { numberKeyBytes } from '../../../core/number-hash.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { SqlDatabase } from '../sql-database.ts';

/** Under which the number key is in `gateway_secrets`. */
export const numberKeyName = 'number_key';
const name = numberKeyName;

/**
 * The key that phone numbers are hashed with, made where there is none yet. It stays the same for good: hashes are on disk.
 * @throws {CipherError} when it is sealed with a master key that is not at hand
 */
export async function openNumberKey({ db }: Pick<SqlDatabase, 'db'>, cipher: Cipher): Promise<Uint8Array> {
  const select = db.selectFrom('gateway_secrets').select('sealed').where('name', '=', name);
  const kept = await select.executeTakeFirst();
  if (kept) return openSealedNumberKey(kept.sealed, cipher);
  const sealed = sealGatewaySecret(randomBytes(numberKeyBytes).toString('base64url'), name, cipher);
  await db
    .insertInto('gateway_secrets')
    .values({ name, sealed })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return openSealedNumberKey((await select.executeTakeFirstOrThrow()).sealed, cipher);
}

/** The number key of a row of `gateway_secrets`. @throws {CipherError} */
export function openSealedNumberKey(sealed: string, cipher: Cipher): Uint8Array {
  // A copy: what crosses to a thread takes along all memory that it lies in, and small buffers share theirs.
  return Uint8Array.from(Buffer.from(openGatewaySecret(sealed, name, cipher), 'base64url'));
}

export function sealGatewaySecret(secret: string, name: string, cipher: Cipher): string {
  return cipher.seal(secret, `gateway/${name}`);
}

/** @throws {CipherError} where it cannot be read */
export function openGatewaySecret(sealed: string, name: string, cipher: Cipher): string {
  return cipher.open(sealed, `gateway/${name}`);
}
