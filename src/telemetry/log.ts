import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import { maskId, maskNumber, maskUrl } from './mask.ts';
import { createReadableStream } from './readable-log.ts';

export type Log = Logger;

const secretFields = [
  'authorization',
  'cookie',
  'key',
  'secret',
  'secrets',
  'operatorKey',
  'masterKey',
  'previousMasterKeys',
  'customHeaders',
  'headers',
];
const numberFields = ['mobileNumber', 'userId'];
const idFields = ['messageId', 'transactionId'];
const urlFields = ['url'];

/** A field wherever it may stand: at the top or one or two objects deep. */
function atAnyDepth(field: string): string[] {
  return [field, `*.${field}`, `*.*.${field}`];
}

function censor(value: unknown, path: string[]): unknown {
  const field = path.at(-1) ?? '';
  if (value === null || value === undefined) return value;
  if (numberFields.includes(field) && typeof value === 'string') return maskNumber(value);
  if (idFields.includes(field) && typeof value === 'string') return maskId(value);
  if (urlFields.includes(field) && typeof value === 'string') return maskUrl(value);
  return '[hidden]';
}

const redaction = {
  paths: [...secretFields, ...numberFields, ...idFields, ...urlFields].flatMap(atAnyDepth),
  censor,
};

interface LoggedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/** Fastify logs its requests through this: no headers, no query. */
function serializeRequest(request: LoggedRequest): object {
  return { method: request.method, url: request.url ?? '', ip: request.ip };
}

/**
 * The program's log: JSON lines, or readable lines where a person watches (a terminal). Secrets are hidden, phone
 * numbers masked (in the ids of messages too), query strings cut, wherever the fields named above appear. A phone number inside a message's text
 * is not found: log it as the field `mobileNumber`.
 *
 * @param stream where lines go; standard error unless told, so that standard output stays for the commands' answers
 */
export function createLog(
  level: string,
  stream: DestinationStream & { readonly isTTY?: boolean } = process.stderr,
): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    redact: redaction,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { req: serializeRequest, err: stdSerializers.err },
  };
  return pino(options, stream.isTTY ? createReadableStream(stream) : stream);
}
