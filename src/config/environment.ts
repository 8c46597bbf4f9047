import { closest, distance } from 'fastest-levenshtein';
import { isPayloadLonger } from '../core/keeping.ts';
import { type ConfigKey, type ConfigKeyId, configKeys } from './keys.ts';

/** One thing that is wrong in the configuration. */
export interface ConfigProblem {
  readonly key: string;
  /** Completes the sentence that begins with the key. */
  readonly message: string;
}

/** The configuration cannot be used; the message lists every problem on a line of its own. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ key, message }) => `${key} ${message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Declared = typeof configKeys;
type ValueOf<K> = K extends ConfigKey<infer T> ? T : never;
/** A key that has a default always has a value; that `config.ts` relies on it is checked by `keys.test.ts`. */
type WithoutDefault =
  | 'databaseUrl'
  | 'databaseDirectUrl'
  | 'operatorKey'
  | 'masterKey'
  | 'previousMasterKeys'
  | 'publicUrl'
  | 'oidcIssuer'
  | 'oidcClientId'
  | 'oidcClientSecret'
  | 'dnsServers'
  | 'egressProxy'
  | 'caFile'
  | 'otlpEndpoint'
  | 'otlpHeaders';
export type Values = {
  readonly [Id in ConfigKeyId]: ValueOf<Declared[Id]> | (Id extends WithoutDefault ? null : never);
};

const prefix = 'HOOKWIRE_';
const names = Object.values(configKeys).map(({ name }) => name);

/** The text of a key as it counts: an empty variable is an absent one. */
export function textOf(env: NodeJS.ProcessEnv, key: ConfigKey<unknown>): string | null {
  const text = env[key.name]?.trim();
  return text ? text : null;
}

/**
 * Parses every key, and refuses variables of the prefix that are no key.
 *
 * @throws {ConfigError}
 */
export function readValues(env: NodeJS.ProcessEnv): Values {
  const problems = unknownKeys(env);
  const values: { [id: string]: unknown } = {};
  for (const [id, key] of Object.entries<ConfigKey<unknown>>(configKeys)) {
    const text = textOf(env, key) ?? key.default;
    if (text === null) {
      values[id] = null;
      continue;
    }
    const parsed = key.parse(text);
    if ('problem' in parsed) problems.push({ key: key.name, message: parsed.problem });
    else values[id] = parsed.value;
  }
  problems.push(...missingTogether(values), ...meaningless(values), ...keptTooLong(values));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values;
}

/** Keys that mean nothing without each other. */
function missingTogether(values: { readonly [id: string]: unknown }): ConfigProblem[] {
  const together = [configKeys.oidcIssuer, configKeys.oidcClientId, configKeys.oidcClientSecret];
  const ids = ['oidcIssuer', 'oidcClientId', 'oidcClientSecret'];
  if (ids.every((id) => values[id] === null)) return [];
  return together
    .filter((_, index) => values[ids[index] ?? ''] === null)
    .map(({ name }) => ({ key: name, message: 'is needed, since another key of HOOKWIRE_OIDC_ is set' }));
}

/** The way past a pooler to a database that is none. */
function meaningless({
  databaseUrl,
  databaseDirectUrl,
}: {
  readonly [id: string]: unknown;
}): ConfigProblem[] {
  if (databaseUrl !== null || databaseDirectUrl === null || databaseDirectUrl === undefined) return [];
  const message = `means nothing without ${configKeys.databaseUrl.name}`;
  return [{ key: configKeys.databaseDirectUrl.name, message }];
}

/** What belongs to an entry of the log cannot outlive it. */
function keptTooLong({ keepPayloadDays, keepLogDays }: { readonly [id: string]: unknown }): ConfigProblem[] {
  if (typeof keepPayloadDays !== 'number' || typeof keepLogDays !== 'number') return [];
  if (!isPayloadLonger({ payloadDays: keepPayloadDays, logDays: keepLogDays })) return [];
  const { keepPayloadDays: payload, keepLogDays: log } = configKeys;
  const days = keepPayloadDays === 0 ? '0 (for ever)' : `${keepPayloadDays} days`;
  const message = `is ${days}, longer than ${log.name} (${keepLogDays} days): contents cannot outlive their entry in the log; lower this or raise that`;
  return [{ key: payload.name, message }];
}

function unknownKeys(env: NodeJS.ProcessEnv): ConfigProblem[] {
  const known = new Set<string>(names);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .sort()
    .map((name) => ({ key: name, message: `is not a key of Hookwire; ${suggestion(name)}` }));
}

function suggestion(name: string): string {
  const nearest = closest(name, names);
  const near = distance(name, nearest) <= Math.max(3, Math.floor((name.length - prefix.length) / 2));
  return near ? `did you mean ${nearest}?` : '`hookwire config` lists the keys';
}
