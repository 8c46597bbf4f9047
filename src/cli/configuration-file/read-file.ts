import { type InputError, mostErrors } from '../../core/errors.ts';
import { noOwnKeep } from '../../core/keeping.ts';
import { repeatedName } from '../../core/repeated-name.ts';
import { brokenByte } from '../../http/body/utf8.ts';
import { createCheck } from '../../http/requests/check.ts';
import { joinPath, pathOf } from '../../http/requests/json-path.ts';
import { identityProblem } from '../../http/resources/senders/identity.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import { parseInstant } from '../../sources/http-api/instant.ts';
import type { ParsedAccount, ParsedFile, ParsedKey, ParsedSender } from './parsed.ts';
import type { SecretReading } from './read-secrets.ts';
import { readWebhookEntry } from './read-webhook.ts';
import {
  type AccountEntry,
  type ConfigurationFile,
  configurationFile,
  formatName,
  formatVersion,
  type KeyEntry,
  type SenderEntry,
} from './schema.ts';
import { type FileSealing, isCost, openFileSealing, type SealingEntry } from './sealing.ts';

/** A file cannot be read at all: it is no JSON, no configuration, or of a newer version. */
export class ConfigurationFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConfigurationFileError';
  }
}

export interface ReadOptions {
  /** The outbound guard: why a URL's host may not be called, `null` if it may. */
  readonly refuseUrl: (url: string) => string | null;
  /** What the secrets in it are sealed for; `null`: none was given. */
  readonly passphrase: string | null;
}

const shape = createCheck(configurationFile);

/**
 * Reads a file and checks each thing in it by the rules of the API that need no look-up.
 * @returns what is right in it, and what is wrong, 50 places at most
 * @throws {ConfigurationFileError}
 */
export function readConfigurationFile(
  text: string,
  options: ReadOptions,
): { readonly file: ParsedFile; readonly errors: readonly InputError[] } {
  const input = parseJson(text);
  checkVersion(input);
  const errors = [...repeatedIn(text), ...shape.errors(input)].slice(0, mostErrors);
  const wrong = new Set(errors.map(({ path }) => path));
  const report = (path: string, message: string): void => {
    if (errors.length >= mostErrors || wrong.has(path)) return;
    wrong.add(path);
    errors.push({ path, message });
  };
  const isSound = (path: string): boolean =>
    !errors.some(
      (error) =>
        error.path === path || error.path.startsWith(`${path}.`) || error.path.startsWith(`${path}[`),
    );

  const { sealing: entry } = input as Partial<ConfigurationFile>;
  if (entry && isSound('sealing') && !isCost(entry.N)) report('sealing.N', 'must be a power of two.');
  const sealing = entry && isSound('sealing') ? openSealing(entry, options.passphrase) : null;
  const open: SecretReading['open'] = (sealed, context, path) => {
    const text = sealing?.open(sealed, context) ?? null;
    if (text !== null) return text;
    if (sealing) report(path, 'was sealed for another webhook or header, or was changed.');
    else if (!entry) report(path, 'cannot be opened: the file has no "sealing".');
    return null;
  };

  // What has another shape was named above, and is looked at no further.
  const { operatorKeys, accounts } = input as Partial<ConfigurationFile>;
  function each<Entry, Parsed>(
    list: readonly Entry[] | undefined,
    listPath: string,
    read: (entry: Entry, path: string) => Parsed | null,
  ): Parsed[] {
    if (!Array.isArray(list)) return [];
    return list.flatMap((entry: Entry, index) => {
      const path = joinPath(listPath, index);
      return typeof entry === 'object' && entry !== null ? (read(entry, path) ?? []) : [];
    });
  }
  const readKey = (entry: KeyEntry, path: string) => (isSound(path) ? keyOf(entry, path) : null);
  function readSender(entry: SenderEntry, path: string): ParsedSender | null {
    if (!isSound(path)) return null;
    const sender = senderOf(entry, path);
    const problem = identityProblem(sender.product, sender.productUniqueId);
    if (problem) report(joinPath(path, problem.path), problem.message);
    return problem ? null : sender;
  }
  function readAccount(entry: AccountEntry, path: string): ParsedAccount | null {
    const senders = each(entry.senders, `${path}.senders`, readSender);
    const keys = each(entry.keys, `${path}.keys`, readKey);
    const webhooks = each(entry.webhooks, `${path}.webhooks`, (webhook, at) =>
      readWebhookEntry(webhook, at, { ...options, report, isSound, open }),
    );
    const own = ['id', 'name', 'limits', 'keep', 'createdAt'].map((name) => joinPath(path, name));
    if (!own.every(isSound)) return null;
    const { id = null, name, limits, keep } = entry;
    return {
      path,
      id,
      name,
      createdAt: instantOf(entry),
      limits: limits
        ? Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null))
        : null,
      keep: keep ? { ...noOwnKeep, ...keep } : null,
      senders,
      hasWrongSenders: senders.length < (entry.senders?.length ?? 0),
      keys,
      webhooks,
    };
  }
  const file = {
    operatorKeys: each(operatorKeys, 'operatorKeys', readKey),
    accounts: each(accounts, 'accounts', readAccount),
  };
  return { file, errors };
}

/** @throws {ConfigurationFileError} where it is not UTF-8 */
export function textOfFile(content: Buffer): string {
  const at = brokenByte(content);
  if (at !== null) throw new ConfigurationFileError(`It is not UTF-8: see its byte ${at}. Save it as UTF-8.`);
  return content.toString().replace(/^\uFEFF/, '');
}

/** Of a name that stands twice, as after a merge, `JSON.parse` takes the last without a word. */
function repeatedIn(text: string): InputError[] {
  const steps = repeatedName(text);
  return steps ? [{ path: pathOf(steps), message: 'must be given once.' }] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationFileError(`It is no JSON: ${(error as Error).message}.`, error);
  }
}

/** Before all else, since a newer version may have whatever it likes. */
function checkVersion(input: unknown): void {
  if (typeof input !== 'object' || input === null || !('format' in input) || input.format !== formatName) {
    throw new ConfigurationFileError(
      `It is no configuration of Hookwire: it must be an object with "format": "${formatName}" and "version": ${formatVersion}.`,
    );
  }
  if (!('version' in input) || typeof input.version !== 'number' || input.version <= formatVersion) return;
  throw new ConfigurationFileError(
    `It has version ${input.version} of the format, which a newer Hookwire wrote; this one reads ${formatVersion}. Import it with the newer one.`,
  );
}

function openSealing(entry: SealingEntry, passphrase: string | null): FileSealing {
  if (passphrase === null) {
    throw new ConfigurationFileError('Its secrets are sealed: give the passphrase with --passphrase-file.');
  }
  const sealing = openFileSealing(passphrase, entry);
  if (sealing) return sealing;
  throw new ConfigurationFileError('Its secrets were sealed with another passphrase.');
}

function instantOf({ createdAt }: { readonly createdAt?: string | undefined }): number | null {
  return createdAt === undefined ? null : parseInstant(createdAt);
}

function keyOf(entry: KeyEntry, path: string): ParsedKey {
  const { id = null, name, hash, scopes = [] } = entry;
  return { path, id, name, hash, scopes, createdAt: instantOf(entry) };
}

function senderOf(entry: SenderEntry, path: string): ParsedSender {
  const { id = null, product, label = null } = entry;
  const productUniqueId = normalNumber(entry.productUniqueId);
  return { path, id, product, productUniqueId, label, createdAt: instantOf(entry) };
}
