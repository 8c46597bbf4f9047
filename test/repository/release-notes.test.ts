import { describe, expect, it } from 'vitest';
import { releaseNotes } from '../../scripts/release-notes.ts';

const changelog = `# Changelog

Of versions.

## [Unreleased]

### Added

- What comes next.

## [0.2.0] - 2027-01-15

### Added

- What came, as \`## [0.1.0]\` says.

## [0.1.0] - 2026-12-01

- The first.
`;

describe('the notes of a release', () => {
  it('are what the changelog says of its version alone', () => {
    expect(releaseNotes(changelog, '0.2.0', 'v0.2.0')).toBe(
      '### Added\n\n- What came, as `## [0.1.0]` says.\n',
    );
    expect(releaseNotes(changelog, '0.1.0', 'v0.1.0')).toBe('- The first.\n');
  });

  it.each([
    ['a tag of another version', '0.2.0', 'v0.1.0', 'The tag is v0.1.0 and package.json says 0.2.0.'],
    ['a tag without its v', '0.2.0', '0.2.0', 'The tag is 0.2.0 and package.json says 0.2.0.'],
    ['a version that the changelog lacks', '0.2', 'v0.2', 'CHANGELOG.md has no "## [0.2] - " with a date.'],
  ])('are refused for %s', (_what, version, tag, message) => {
    expect(() => releaseNotes(changelog, version, tag)).toThrow(message);
  });

  it('are refused where the version has no date, or nothing is said of it', () => {
    const draft = changelog.replace(' - 2027-01-15', '');
    expect(() => releaseNotes(draft, '0.2.0', 'v0.2.0')).toThrow('with a date');
    const empty = '## [0.3.0] - 2027-02-01\n\n## [0.2.0] - 2027-01-15\n\n- It.\n';
    expect(() => releaseNotes(empty, '0.3.0', 'v0.3.0')).toThrow('says nothing of 0.3.0');
  });
});
