import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from 'node:crypto';

/** How a file's key is made of a passphrase; it stands in the file. */
export interface SealingEntry {
  readonly kdf: 'scrypt';
  /** Cost: 128 · N · r bytes of memory, and so much time. */
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Base64. */
  readonly salt: string;
  /** Nothing, sealed: opens with the right passphrase alone. */
  readonly check: string;
}

/** Seals and opens the secrets of one file. `context` says what a text belongs to; elsewhere it does not open. */
export interface FileSealing {
  readonly entry: SealingEntry;
  seal(text: string, context: string): string;
  /** `null`: it was sealed otherwise or for something else, or was changed. */
  open(sealed: string, context: string): string | null;
}

/** 128 MiB and some 0.3 s: what OWASP asks of scrypt where a guess costs nothing but that. */
const usual = { N: 2 ** 17, r: 8, p: 1 } as const;
export const costs = { least: 2 ** 14, most: 2 ** 20, r: usual.r, p: usual.p } as const;
export const leastPassphrase = 12;

const [keyBytes, saltBytes, nonceBytes, tagBytes] = [32, 16, 12, 16] as const;
const checkContext = 'check';

export function isCost(N: number): boolean {
  return Number.isInteger(Math.log2(N)) && N >= costs.least && N <= costs.most;
}

/** For a new file, with a salt of its own. */
export function createFileSealing(passphrase: string, N: number = usual.N): FileSealing {
  const salt = randomBytes(saltBytes).toString('base64');
  const parameters = { kdf: 'scrypt', N, r: usual.r, p: usual.p, salt } as const;
  const { seal, open } = boxOf(passphrase, parameters);
  return { entry: { ...parameters, check: seal('', checkContext) }, seal, open };
}

/** For a file that has an entry; `null`: the passphrase is another one. */
export function openFileSealing(passphrase: string, entry: SealingEntry): FileSealing | null {
  const box = boxOf(passphrase, entry);
  return box.open(entry.check, checkContext) === '' ? { entry, ...box } : null;
}

/**
 * AES-256-GCM, as base64 of nonce (12 bytes), tag (16) and text. The nonce is made of key, context and text, so that what has
 * not changed is sealed alike in the next export and git shows no difference; another text has another nonce.
 */
function boxOf(
  passphrase: string,
  { N, r, p, salt }: Omit<SealingEntry, 'check'>,
): Omit<FileSealing, 'entry'> {
  const maxmem = 2 * 128 * N * r;
  const both = scryptSync(passphrase, Buffer.from(salt, 'base64'), 2 * keyBytes, { N, r, p, maxmem });
  const [key, nonceKey] = [both.subarray(0, keyBytes), both.subarray(keyBytes)];
  return {
    seal(text, context) {
      const nonce = createHmac('sha256', nonceKey)
        .update(JSON.stringify([context, text]))
        .digest()
        .subarray(0, nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < nonceBytes + tagBytes) return null;
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const text = decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8');
        return text + decipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}

export function secretContext(webhookId: string): string {
  return `${webhookId}/secret`;
}

export function headerContext(webhookId: string, name: string): string {
  return `${webhookId}/header/${name.toLowerCase()}`;
}
