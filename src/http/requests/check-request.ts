import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { type HookwireError, type InputError, invalidInput } from '../../core/errors.ts';
import { type Check, createCheck } from './check.ts';
import { readNumbers } from './read-numbers.ts';

type Outcome = { value: unknown } | { error: HookwireError };

/** Checks bodies, queries and parameters by their schemas; the error names every wrong place. */
export const checkRequest: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  // Who reads a header checks it.
  if (httpPart === 'headers') return (value): Outcome => ({ value });
  const check = createCheck(schema);
  if (httpPart === 'querystring') return (value) => checkQuery(schema, check, value);
  return (given): Outcome => {
    const value = httpPart === 'params' ? readNumbers(schema, given) : given;
    const errors = check.errors(value);
    return errors.length > 0 ? { error: invalidInput(errors.map(nameTheBody)) } : { value };
  };
};

/** For routes whose body is checked by more than a schema: the schema only documents it. */
export const leaveBody: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'body' ? (value): Outcome => ({ value }) : checkRequest(route);

function nameTheBody(error: InputError): InputError {
  return error.path === '' ? { path: '', message: `The body ${error.message}` } : error;
}

/** An empty value (`?q=`) is no value. Paths begin with `query.`, to tell them from the body's. */
function checkQuery(schema: TSchema, check: Check, value: unknown): Outcome {
  const known: object = Reflect.get(schema, 'properties') ?? {};
  const given = Object.entries(value ?? {}).filter(
    ([name, text]) => text !== '' || !Object.hasOwn(known, name),
  );
  const read = readNumbers(schema, Object.fromEntries(given));
  const errors = check.errors(read);
  if (errors.length === 0) return { value: read };
  return { error: invalidInput(errors.map((error) => inQuery(error, value))) };
}

function inQuery({ path, message }: InputError, query: unknown): InputError {
  const repeated = typeof query === 'object' && query !== null && Array.isArray(Reflect.get(query, path));
  const unknown = message.startsWith('is not a known field.');
  if (repeated && !unknown) return { path: `query.${path}`, message: 'must be given once.' };
  return { path: `query.${path}`, message: message.replace('known field', 'known query parameter') };
}
