import { describe, expect, it } from 'vitest';
import { lockedPackages } from '../../scripts/locked-packages.ts';

const packages = {
  '': {},
  'node_modules/a': {
    dependencies: { b: '^1.0.0', c: '1.0.0' },
    optionalDependencies: { 'for-another-system': '1.0.0' },
  },
  'node_modules/b': { dependencies: { '@scope/d': '1.0.0' } },
  'node_modules/c': { dependencies: { b: '^2.0.0' }, peerDependencies: { e: '*', nobody: '*' } },
  'node_modules/c/node_modules/b': { dependencies: { a: '*', f: '*' } },
  'node_modules/@scope/d': {},
  'node_modules/e': {},
  'node_modules/f': {},
  'node_modules/other': { dependencies: { a: '*' } },
  'node_modules/broken': { dependencies: { gone: '*' } },
};

describe('the packages that others need', () => {
  it('are found where Node.js finds them, each once, and nothing that only others need', () => {
    expect(lockedPackages({ packages }, ['a'])).toEqual([
      'node_modules/@scope/d',
      'node_modules/a',
      'node_modules/b',
      'node_modules/c',
      'node_modules/c/node_modules/b',
      'node_modules/e',
      'node_modules/f',
    ]);
  });

  it('are none where nothing is asked for', () => {
    expect(lockedPackages({ packages }, [])).toEqual([]);
  });

  it('are named where one is not there', () => {
    expect(() => lockedPackages({ packages }, ['broken'])).toThrow(
      'gone, which node_modules/broken needs, is not in package-lock.json.',
    );
    expect(() => lockedPackages({ packages }, ['nobody'])).toThrow(/nobody, which the package needs/);
  });
});
