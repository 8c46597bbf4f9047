import type { Event } from '../../core/event.ts';
import { hideInJson, type Traces } from '../../core/traces.ts';
import type { DeliveryFilter } from '../ports/history.ts';

const bullets = '•••';
const idFields = ['mobileNumber', 'messageId', 'transactionId'] as const;

/** A task's filter (JSON) without numbers and ids; `null`: it does not name the person. */
export function erasedFilter(json: string, traces: Traces): string | null {
  const filter = JSON.parse(json) as DeliveryFilter;
  const { mobileNumber = null, messageId = '', transactionId = null } = filter;
  const asked = { id: '', mobileNumber, messageId, transactionId, userId: null, message: null };
  if (!traces.isTheirs(asked as unknown as Event) && !traces.occurIn(JSON.stringify(filter))) return null;
  const hidden = idFields.filter((field) => field in filter).map((field) => [field, bullets]);
  return JSON.stringify({ ...filter, ...Object.fromEntries(hidden) });
}

/** What an entry of the audit log says of such a task: its changes (JSON), which have the last digits of the number. */
export function erasedTaskChanges(json: string): string {
  const told = JSON.parse(json) as { field: string; to: unknown }[];
  const hidden = told.map((change) =>
    idFields.some((field) => field === change.field) ? { ...change, to: bullets } : change,
  );
  return JSON.stringify(hidden);
}

/** The texts of an entry of the audit log; `changes`: JSON. */
export interface AuditTexts {
  readonly actor_name: string;
  readonly target_id: string | null;
  readonly target_name: string | null;
  readonly changes: string;
}

/** The same without the person; `null`: nobody names them. */
export function erasedAudit(texts: AuditTexts, { hiddenIn }: Traces): AuditTexts | null {
  const after: AuditTexts = {
    actor_name: hiddenIn(texts.actor_name),
    target_id: texts.target_id && hiddenIn(texts.target_id),
    target_name: texts.target_name && hiddenIn(texts.target_name),
    changes: hideInJson(texts.changes, hiddenIn),
  };
  const isSame = (Object.keys(after) as (keyof AuditTexts)[]).every((name) => after[name] === texts[name]);
  return isSame ? null : after;
}

/** What a kept answer has to lose: all of it where its key or place names the person, or what it said. */
export function lostOfAnswer(
  {
    key,
    location,
    body,
  }: { readonly key: string; readonly location: string | null; readonly body: string | null },
  { occurIn }: Traces,
): 'all' | 'body' | null {
  if (occurIn(key) || (location !== null && occurIn(location))) return 'all';
  return body !== null && occurIn(body) ? 'body' : null;
}
