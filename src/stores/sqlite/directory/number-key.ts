import { randomBytes } from 'node:crypto';
import { numberKeyBytes } from '../../../core/number-hash.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { Desk } from '../desk/desk.ts';

const name = 'number_key';

/**
 * The key that phone numbers are hashed with, made where there is none yet. It stays the same for good: hashes are on disk.
 * @throws {CipherError} when it is sealed with a master key that is not at hand
 */
export async function openNumberKey(desk: Pick<Desk, 'query'>, cipher: Cipher): Promise<Uint8Array> {
  const select = 'select sealed from gateway_secrets where name = ?';
  const { rows: kept } = await desk.query(select, [name]);
  if (kept[0]) return open(String(kept[0].sealed), cipher);
  const sealed = sealGatewaySecret(randomBytes(numberKeyBytes).toString('base64url'), name, cipher);
  await desk.query('insert into gateway_secrets values (?, ?) on conflict do nothing', [name, sealed]);
  const { rows } = await desk.query(select, [name]);
  return open(String(rows[0]?.sealed), cipher);
}

function open(sealed: string, cipher: Cipher): Uint8Array {
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
