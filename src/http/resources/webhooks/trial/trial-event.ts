import { type InputError, invalidInput } from '../../../../core/errors.ts';
import type { Event, JsonObject } from '../../../../core/event.ts';
import { KeptJson } from '../../../../core/kept-json.ts';
import { products } from '../../../../core/products/index.ts';
import { statusKey } from '../../../../core/status.ts';
import type { WebhookConfig } from '../../../../core/webhook.ts';
import { normalNumber } from '../../../../shared/normal-number.ts';
import { parseEvent } from '../../../../sources/http-api/parse-event.ts';
import { reportView } from '../../../shapes/event.ts';

/**
 * The event of a preview or a test: the product's first sample for the report type, with the fields that are given in
 * their place. Checked as `POST /v1/events` checks. Of an operational event only the status, its type, can be given.
 *
 * @param owner the webhook's account; `null`: it has none yet, and anybody's event will do
 * @throws HookwireError `invalid_input`; paths begin with `event`
 */
export function trialEventOf(config: WebhookConfig, owner: string | null, given: unknown): Event {
  const fields = fieldsOf(given);
  const accountId = owner ?? (typeof fields.accountId === 'string' ? fields.accountId : 'acc_sample');
  if (products[config.product].kind === 'operations') return operationalTrial(config, accountId, fields);
  const sample = products[config.product].samples[config.reportType]?.[0].event;
  if (!sample) throw new Error(`${config.product} has no sample of ${config.reportType}`);
  const base = reportView(sample);
  const number = config.productUniqueId ?? base.productUniqueId;
  const message = messageOf(sample, fields);
  // Whose it is stands below, in words for a webhook instead of a key.
  const own = typeof fields.accountId === 'string' ? { accountId } : {};
  const whole = { ...base, productUniqueId: number, message, ...fields, ...own };
  const outcome = parseEvent(whole, { accountId, hasAccount: () => true });
  const wrong = 'errors' in outcome ? outcome.errors : [];
  const foreign = differences({ ...config, accountId }, fields);
  const errors = [...wrong, ...foreign.filter(({ path }) => !wrong.some((other) => other.path === path))];
  if ('errors' in outcome || errors.length > 0) throw invalidInput(errors.map(inEvent));
  return { ...outcome.parsed.event, id: outcome.parsed.ownId ?? 'evt_sample' };
}

/** One of the samples: the gateway makes these events, so only their type can be chosen, by `status`. */
function operationalTrial(
  config: WebhookConfig,
  accountId: string,
  fields: Readonly<Record<string, unknown>>,
): Event {
  const samples = products[config.product].samples[config.reportType] ?? [];
  const { status, ...others } = fields;
  const type = typeof status === 'string' ? statusKey(status) : status;
  const sample = type === undefined ? samples[0] : samples.find(({ name }) => name === type);
  const same: Record<string, unknown> = sample ? { accountId, ...reportView(sample.event) } : {};
  const errors = Object.keys(others)
    .filter((name) => name !== 'product' && name !== 'reportType')
    // What the catalog's sample has may come back as it is.
    .filter((name) => JSON.stringify(others[name]) !== JSON.stringify(same[name]))
    .map((name) => ({ path: name, message: 'cannot be set: of an operational event only the status can.' }));
  errors.push(...differences({ ...config, accountId }, fields).filter(({ path }) => path !== 'accountId'));
  if (!sample)
    errors.push({ path: 'status', message: `must be ${samples.map(({ name }) => name).join(', ')}.` });
  if (!sample || errors.length > 0) throw invalidInput(errors.map(inEvent));
  return {
    ...sample.event,
    attributes: JSON.stringify({ ...JSON.parse(sample.event.attributes ?? '{}'), accountId }),
    id: 'evt_sample',
    accountId,
  };
}

function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw invalidInput([{ path: 'event', message: 'must be an object.' }]);
  }
  return { ...given };
}

/** The sample's message tells of the same message and person as the fields that are given. */
function messageOf(
  sample: Pick<Event, 'message'>,
  fields: Readonly<Record<string, unknown>>,
): KeptJson | null {
  if (sample.message === null) return null;
  const message = JSON.parse(sample.message) as JsonObject;
  if (typeof fields.messageId === 'string') message.id = fields.messageId;
  if (typeof fields.mobileNumber === 'string') message.from = normalNumber(fields.mobileNumber);
  return new KeptJson(JSON.stringify(message), message);
}

function differences(
  config: Pick<WebhookConfig, 'product' | 'reportType'> & { readonly accountId: string },
  fields: Readonly<Record<string, unknown>>,
): InputError[] {
  return (['accountId', 'product', 'reportType'] as const)
    .filter((name) => (fields[name] ?? config[name]) !== config[name])
    .map((name) => ({ path: name, message: `must be the webhook's own, "${config[name]}", or left out.` }));
}

function inEvent({ path, message }: InputError): InputError {
  return { path: path === '' ? 'event' : `event.${path}`, message };
}
