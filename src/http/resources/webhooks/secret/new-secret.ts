import { HookwireError, type InputError, invalidInput } from '../../../../core/errors.ts';
import { type SignatureKind, secretProblem, signatureKinds } from '../../../../rendering/signing-secret.ts';
import type { SharedServices } from '../../../shared-services.ts';

/** The fields of a body that say how a webhook signs. */
export const secretFields = ['secret', 'signature'];

/**
 * The signing secret of a new webhook: its owner's, or one that is made.
 * @param given {@link secretFields} of a body that is not checked yet
 */
export function readNewSecret(
  { createSecret }: Pick<SharedServices, 'createSecret'>,
  { secret, signature }: Readonly<Record<string, unknown>>,
): { readonly secret: string; readonly errors: readonly InputError[] } {
  const errors: InputError[] = [];
  const report = (path: string, message: string) => void errors.push({ path, message });
  if (secret !== undefined) {
    const problem = typeof secret === 'string' ? secretProblem(secret) : 'must be text.';
    if (problem !== null) report('secret', problem);
  }
  if (signature !== undefined && !isKind(signature)) {
    report('signature', 'must be "v1" (HMAC-SHA256) or "v1a" (Ed25519).');
  } else if (signature !== undefined && secret !== undefined) {
    report('signature', 'says which secret is to be made, so it cannot stand beside "secret".');
  }
  if (errors.length > 0) return { secret: '', errors };
  return { secret: typeof secret === 'string' ? secret : createSecret(kindOf(signature)), errors };
}

/**
 * What `read` gives, if nothing was wrong before it.
 * @throws HookwireError `invalid_input`, naming what was wrong before together with what `read` finds
 */
export async function readBeside<T>(errors: readonly InputError[], read: () => Promise<T>): Promise<T> {
  if (errors.length === 0) return read();
  let found: readonly InputError[] = [];
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HookwireError) || error.code !== 'invalid_input') throw error;
    found = error.errors;
  }
  throw invalidInput([...found, ...errors]);
}

function kindOf(signature: unknown): SignatureKind {
  return isKind(signature) ? signature : 'v1';
}

function isKind(value: unknown): value is SignatureKind {
  return signatureKinds.some((kind) => kind === value);
}
