import { isMasked } from '#shared/header-mask.ts';
import { headerValueProblem, isHeaderName, reservedHeader } from '#shared/header-rules.ts';
import { invisibleIn } from '#shared/invisible.ts';
import { namesInQuery } from '#shared/query-names.ts';
import { urlProblem } from '#shared/url-problem.ts';
import { isXmlName } from '#shared/xml-name.ts';
import type { Catalog } from '../../api/catalog.ts';
import type { NameAndValue } from '../../api/webhook-form.ts';
import { type Choice, choiceOf, type Draft, rowsToSend } from './draft.ts';
import type { Note, Problem, Problems } from './problems.ts';
import { checkSettings } from './settings-rules.ts';

/** What the rules look at beside the draft. */
export interface RuleContext {
  readonly catalog: Catalog;
  /** The headers of the webhook that is edited, masked: their values may stay as they are. */
  readonly savedHeaders: readonly NameAndValue[];
}

/**
 * All that is wrong with a draft, by the rules of the API; those about characters and addresses are the gateway's own
 * functions. What only the gateway knows (names that inbound messages use themselves) comes back with the preview.
 */
export function problemsOf(draft: Draft, context: RuleContext): Problems {
  const problems: Record<string, Problem> = {};
  const note: Note = (path, message, missing = false) => {
    problems[path] ??= { message, missing };
  };
  const choice = choiceOf(draft, context.catalog);
  checkNumber(draft, choice, note);
  checkUrl(draft, context.catalog, note);
  checkNames(draft, choice, context.catalog, note);
  checkHeaders(draft, context, note);
  const { descriptionLength } = context.catalog.settings.limits;
  if (lengthOf(draft.description) > descriptionLength) note('description', tooLong(descriptionLength));
  checkSettings(draft.settings, choice, context.catalog, note);
  return problems;
}

function checkNumber(draft: Draft, { product }: Choice, note: Note): void {
  if (!product.hasNumber || draft.productUniqueId === null || product.numberPattern === null) return;
  if (!new RegExp(product.numberPattern).test(draft.productUniqueId)) {
    note('productUniqueId', `Must be ${product.numberShape ?? 'in another form'}.`);
  }
}

function checkUrl({ url }: Draft, { settings }: Catalog, note: Note): void {
  const { urlLength } = settings.limits;
  const problem = urlProblem(url);
  if (url === '') note('url', 'The URL is required.', true);
  else if (lengthOf(url) > urlLength) note('url', tooLong(urlLength));
  else if (problem !== null) note('url', sentence(problem));
}

function checkNames(draft: Draft, { reportType, method }: Choice, { settings }: Catalog, note: Note): void {
  const { limits } = settings;
  const inQuery = namesInQuery(method.id === 'GET' ? draft.url : '');
  const seen = new Map<string, string>();

  function check(path: string, name: string, label: string): void {
    const earlier = seen.get(name);
    const unseen = invisibleIn(name);
    if (lengthOf(name) > limits.parameterNameLength) note(path, tooLong(limits.parameterNameLength));
    else if (unseen !== null) note(path, `${sentence(unseen)}.`);
    else if (name.trim() !== name) note(path, 'Must not begin or end with a space.');
    else if (method.id === 'XML' && !isXmlName(name)) note(path, notXml);
    else if (earlier !== undefined) note(path, `${earlier} has this name already.`);
    else if (inQuery.has(name))
      note(path, 'The query of the URL has this name already; it would be sent twice.');
    if (earlier === undefined) seen.set(name, label);
  }

  for (const { name: field, label, required } of reportType.fields) {
    const name = draft.parameterNames[field] ?? '';
    const path = `parameterNames.${field}`;
    if (name !== '') check(path, name, label);
    else if (required) note(path, `${label} is required.`, true);
  }
  const rows = rowsToSend(draft.customParameters);
  if (rows.length > limits.parameters) note('customParameters', tooMany(limits.parameters));
  rows.forEach(({ name, value }, index) => {
    const path = `customParameters[${index}]`;
    if (name === '') note(`${path}.name`, 'The name is required.', true);
    else check(`${path}.name`, name, `Custom parameter ${index + 1}`);
    if (lengthOf(value) > limits.parameterValueLength) {
      note(`${path}.value`, tooLong(limits.parameterValueLength));
    }
  });
}

const notXml = 'Is not an XML name: a letter or "_", then letters, digits, "-", "_" and "."; no spaces.';

function checkHeaders(draft: Draft, { catalog, savedHeaders }: RuleContext, note: Note): void {
  const { limits } = catalog.settings;
  const rows = rowsToSend(draft.customHeaders);
  const seen = new Map<string, number>();
  if (rows.length > limits.headers) note('customHeaders', tooMany(limits.headers));
  rows.forEach((row, index) => {
    const path = `customHeaders[${index}]`;
    const problem = headerNameProblem(row.name, limits.headerNameLength, seen);
    if (row.name === '') note(`${path}.name`, 'The name is required.', true);
    else if (problem !== null) note(`${path}.name`, problem);
    const lower = row.name.toLowerCase();
    if (!seen.has(lower)) seen.set(lower, index);
    if (lengthOf(row.value) > limits.headerValueLength) {
      note(`${path}.value`, tooLong(limits.headerValueLength));
    } else if (isMasked(row.value)) {
      if (!keeps(savedHeaders, row))
        note(`${path}.value`, 'This value is hidden and cannot be copied: enter it.');
    } else {
      const problem = headerValueProblem(row.value);
      if (problem !== null) note(`${path}.value`, sentence(problem));
    }
  });
}

function headerNameProblem(name: string, most: number, seen: ReadonlyMap<string, number>): string | null {
  if (lengthOf(name) > most) return tooLong(most);
  const unseen = invisibleIn(name);
  if (unseen !== null) return `${sentence(unseen)}.`;
  if (!isHeaderName(name)) return "Letters, digits and !#$%&'*+-.^_`|~ only; no spaces or colons.";
  const reason = reservedHeader(name);
  if (reason !== null) return `"${name}" cannot be set: ${reason}.`;
  const earlier = seen.get(name.toLowerCase());
  return earlier === undefined ? null : `Header ${earlier + 1} has this name already; case does not matter.`;
}

/** Whether a masked value stands for the saved one of that header. */
function keeps(saved: readonly NameAndValue[], row: NameAndValue): boolean {
  const lower = row.name.toLowerCase();
  return saved.some(({ name, value }) => name.toLowerCase() === lower && value === row.value);
}

/** Characters as the API counts them. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export function tooLong(most: number): string {
  return `At most ${most.toLocaleString('en')} characters.`;
}

function tooMany(most: number): string {
  return `At most ${most}.`;
}

/** "must be …" as it stands at a field: "Must be …". */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
