import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a text looks like in files: as it is, encoded by the byte, in UTF-16, and in Base64 wherever it begins. */
function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const hex = Buffer.from(text).toString('hex');
  const forms = new Map<string, Buffer>([
    ['plain', Buffer.from(text)],
    ['hexadecimal', Buffer.from(hex)],
    ['hexadecimal, capitals', Buffer.from(hex.toUpperCase())],
    ['as a number in hexadecimal', Buffer.from(BigInt(text).toString(16))],
    ['percent-encoded', Buffer.from(hex.replaceAll(/../g, (byte) => `%${byte}`))],
    ['UTF-16, little end first', Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(text, 'utf16le').swap16()],
  ]);
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64url');
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6)];
    forms.set(`Base64, moved by ${before}`, Buffer.from(encoded.slice(start, end)));
  }
  return forms;
}

/** Nothing, where it has gone since it was listed: a database at work makes files and takes them away. */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Where in the files of a directory, in whatever form, a number of digits stands: `<file>: <form>`. */
export function grepFiles(directory: string, digits: string): readonly string[] {
  const forms = formsOf(digits);
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const content = read(join(entry.parentPath, entry.name));
      return [...forms]
        .filter(([, bytes]) => content.includes(bytes))
        .map(([form]) => `${entry.name}: ${form}`);
    });
}
