import { type ConfigKey, configKeys } from '../../src/config/keys.ts';
import { code, generatedFrom, table } from './markdown.ts';

function section(key: ConfigKey<unknown>): string {
  const rows: [string, string][] = [
    ['Value', key.shape],
    ...(key.unit ? [['Unit', key.unit] as [string, string]] : []),
    ['Default', key.default ? code(key.default) : (key.absent ?? 'empty')],
    ['Example', code(`${key.name}=${key.example}`)],
    ...(key.secret ? [['Secret', 'yes: never shown, never logged'] as [string, string]] : []),
  ];
  return `## ${key.name}\n\n${key.description}\n\n${table(['', ''], rows)}`;
}

/** `docs/reference/configuration.md` */
export function configurationPage(): string {
  const keys = Object.values<ConfigKey<unknown>>(configKeys);
  const overview = table(
    ['key', 'default'],
    keys.map((key) => [`[${key.name}](#${key.name.toLowerCase()})`, code(key.default ?? '')]),
  );
  return `${generatedFrom('src/config/keys.ts')}# Configuration

Hookwire is configured by environment variables alone, and starts without any. An empty variable counts as absent. A
variable that begins with \`HOOKWIRE_\` and is not in this list is refused, so that a misspelt one cannot go unnoticed.
\`hookwire config\` prints what is in effect, with secrets masked. A change takes effect at the next start.

${overview}
${keys.map(section).join('\n')}`;
}
