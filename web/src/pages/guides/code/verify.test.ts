import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyPrograms } from './verify.ts';

const guide = readFileSync(join(process.cwd(), 'docs/guides/verify-signatures.md'), 'utf8');

describe('the programs that verify signatures', () => {
  it.each(verifyPrograms.map(({ language, text }) => [language, text]))(
    'are those of the guide: %s',
    (_, text) => {
      expect(guide).toContain(`\n${text}\n\`\`\``);
    },
  );
});
