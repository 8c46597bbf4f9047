import { HookwireError, type InputError, invalidInput } from '../../../core/errors.ts';
import { products } from '../../../core/products/index.ts';
import type { ProductId } from '../../../core/products/product.ts';
import { shown } from '../../../core/shown.ts';
import type { Webhook, WebhookConfig } from '../../../core/webhook.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { AccountReach } from '../../reach/reach.ts';
import type { SharedServices } from '../../shared-services.ts';
import { restoreMasked } from './header-mask.ts';
import { parseWebhookConfig } from './input/parse.ts';
import { webhookView } from './view.ts';

type Needs = Pick<SharedServices, 'urlGuard'>;
type Owner = Pick<AccountReach, 'senders'>;

/** Takes some fields out of a body that is not checked yet. */
export function takeOut(
  body: unknown,
  names: readonly string[],
): { taken: Record<string, unknown>; rest: unknown } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { taken: {}, rest: body };
  const entries: [string, unknown][] = Object.entries(body);
  return {
    taken: Object.fromEntries(entries.filter(([name]) => names.includes(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
  };
}

/**
 * Runs `find`, which gives the account that a new webhook belongs to. What it finds wrong with the input is named
 * together with what is wrong with the webhook itself.
 *
 * @throws HookwireError `invalid_input`, naming all that is wrong; whatever else `find` throws
 */
export async function accountOfNew(
  needs: Needs,
  input: unknown,
  find: () => Promise<AccountReach>,
): Promise<AccountReach> {
  requireObject(input);
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof HookwireError) || error.code !== 'invalid_input') throw error;
    const parsed = parseWebhookConfig(input, (url) => needs.urlGuard.checkUrl(url));
    throw invalidInput([...error.errors, ...('errors' in parsed ? parsed.errors : [])]);
  }
}

function requireObject(body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return;
  throw invalidInput([{ path: '', message: 'The body must be an object.' }]);
}

/**
 * A webhook's body, checked by every rule, those included that need a look-up.
 *
 * @param owner whose numbers it may choose from; `null` where an operator only tries it out
 * @param saved what it replaces: masked header values keep its own while its URL stays at the same origin, so that nobody
 * reads them by sending them to an endpoint of their own; its number may stay
 * @throws HookwireError `invalid_input`, naming all that is wrong
 */
export async function readWebhook(
  needs: Needs,
  owner: Owner | null,
  input: unknown,
  saved: Webhook | null = null,
): Promise<WebhookConfig> {
  requireObject(input);
  const whole = saved && staysAtOrigin(input, saved.url) ? restoreMasked(input, saved.customHeaders) : input;
  const parsed = parseWebhookConfig(whole, (url) => needs.urlGuard.checkUrl(url));
  const errors: InputError[] = 'errors' in parsed ? [...parsed.errors] : [];
  const unknown = await unknownNumber(owner, whole, saved);
  if (unknown && !errors.some((error) => error.path === unknown.path)) errors.push(unknown);
  if ('errors' in parsed || errors.length > 0) throw invalidInput(errors);
  return parsed.config;
}

function staysAtOrigin(input: unknown, savedUrl: string): boolean {
  const { url } = takeOut(input, ['url']).taken;
  if (typeof url !== 'string' || !URL.canParse(url)) return true;
  return new URL(url).origin === new URL(savedUrl).origin;
}

async function unknownNumber(
  owner: Owner | null,
  input: unknown,
  saved: Webhook | null,
): Promise<InputError | null> {
  const { product, productUniqueId: given } = takeOut(input, ['product', 'productUniqueId']).taken;
  if (owner === null || typeof given !== 'string') return null;
  const number = normalNumber(given);
  if (number === saved?.productUniqueId) return null;
  if (!isProduct(product) || !products[product].identity) return null;
  if (await hasSender(owner, product, number)) return null;
  const label = products[product].identity?.label;
  return {
    path: 'productUniqueId',
    message: `The account has no ${label} "${shown(given)}": it must be registered as a sender first.`,
  };
}

function isProduct(value: unknown): value is ProductId {
  return typeof value === 'string' && Object.hasOwn(products, value);
}

async function hasSender({ senders }: Owner, product: ProductId, number: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const page = await senders.list({ product }, { limit: 500, cursor });
    if (page.data.some((sender) => sender.productUniqueId === number)) return true;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}

/** What `GET` adds to a webhook's body. */
export const setByGateway = [
  'id',
  'accountId',
  'status',
  'disabledReason',
  'failingSince',
  'version',
  'createdAt',
  'updatedAt',
  'warnings',
];

/**
 * Lets the gateway's own fields be sent back as they were answered.
 * @throws HookwireError `conflict` when `version` is not the current one, `invalid_input` when another was changed
 */
export function checkUnchanged(taken: Readonly<Record<string, unknown>>, saved: Webhook): void {
  const now = webhookView(saved, []);
  const { version } = taken;
  if (version !== undefined && version !== now.version) {
    throw new HookwireError(
      'conflict',
      `The webhook is at version ${now.version}, not ${shown(JSON.stringify(version))}: somebody changed it. Get it again.`,
    );
  }
  const errors = (['id', 'accountId', 'status', 'createdAt'] as const)
    .filter((name) => taken[name] !== undefined && taken[name] !== now[name])
    .map((path) => ({ path, message: `cannot be changed here${path === 'status' ? byCalls : ''}.` }));
  if (errors.length > 0) throw invalidInput(errors);
}

const byCalls = '; POST …/enable and …/disable do that';
