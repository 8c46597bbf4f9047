import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../scripts/generate-docs.ts';
import { cliPage } from '../../scripts/pages/cli.ts';
import { configurationPage } from '../../scripts/pages/configuration.ts';
import { errorsPage } from '../../scripts/pages/errors.ts';
import { table } from '../../scripts/pages/markdown.ts';
import { type ConfigKey, configKeys } from '../../src/config/keys.ts';
import { errorClasses } from '../../src/core/delivery.ts';
import { errorTable } from '../../src/core/errors.ts';

describe('the reference pages', () => {
  it('list every configuration key with its default', () => {
    const page = configurationPage();
    for (const key of Object.values<ConfigKey<unknown>>(configKeys)) {
      expect(page).toContain(`## ${key.name}\n\n${key.description}\n`);
      if (key.default) expect(page).toContain(`| \`${key.default}\` |`);
    }
  });

  it('list every error code with its status, and every error class', () => {
    const page = errorsPage();
    for (const [code, { status }] of Object.entries(errorTable))
      expect(page).toContain(`| \`${code}\` | ${status} |`);
    for (const name of errorClasses) expect(page).toContain(`| \`${name}\` |`);
  });

  it('show the help of every command', () => {
    const page = cliPage();
    for (const command of ['hookwire serve', 'hookwire receiver', 'hookwire keys create']) {
      expect(page).toContain(`# ${command}\n\n\`\`\`text\nUsage: ${command}`);
    }
  });
});

describe('firstDifference', () => {
  it('finds nothing between equal texts', () => {
    expect(firstDifference('a\nb\n', 'a\nb\n')).toBeNull();
  });

  it('names the first line that differs, with both texts', () => {
    expect(firstDifference('a\nold\nc', 'a\nnew\nc')).toBe('line 2\n    is        old\n    should be new');
  });

  it('finds lines that are missing or too many', () => {
    expect(firstDifference('a', 'a\nb')).toMatch(/^line 2\n.*\(end\)\n.*b$/s);
    expect(firstDifference('a\nb', 'a')).toMatch(/^line 2\n.*b\n.*\(end\)$/s);
  });
});

describe('a Markdown table', () => {
  it('escapes what would end a cell', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |\n');
  });
});
