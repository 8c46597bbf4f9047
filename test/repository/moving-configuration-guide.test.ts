import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { openMovingDirectory } from '../moving/directory.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../../docs', path), 'utf8');
const [, example = ''] = /```json\n([\s\S]*?)```/.exec(read('guides/moving-configuration.md')) ?? [];

describe('the guide to moving configuration', () => {
  it('shows a file that is as the published schema says', () => {
    const schema = Compile(JSON.parse(read('reference/configuration-file.schema.json')));
    expect(schema.Check(JSON.parse(example))).toBe(true);
    expect(schema.Check({ ...JSON.parse(example), whatever: 1 })).toBe(false);
  });

  it('shows a file that can be imported', async () => {
    using directory = openMovingDirectory();
    const { code, out } = await directory.import(example);
    expect(code).toBe(0);
    expect(out).toContain('4 new, 0 as in the file.');
  });
});
