import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const directory = join(import.meta.dirname, '../../docs/decisions');
const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
const pages = readdirSync(directory).filter((file) => file !== 'README.md');
const sections = ['Context', 'Options', 'Decision', 'Consequences', 'When to think again'];

describe('the decisions', () => {
  it('are listed by their number, in their words', () => {
    const listed = pages.map((file) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(read(file)) ?? [];
      expect(file).toMatch(new RegExp(`^${number?.padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      return `| [${number}](${file}) | ${title} |`;
    });
    for (const line of listed) expect(read('README.md')).toContain(line);
  });

  it.each(pages)('say what stood to choose, what was taken and when to think again: %s', (file) => {
    const page = read(file);
    expect(page).toMatch(/^\*\*Status:\*\* .*\d{4}-\d\d-\d\d/m);
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(sections);
  });
});
