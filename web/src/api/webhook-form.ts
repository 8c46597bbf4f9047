import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type WebhookInput = Omit<Schemas['NewWebhook'], 'accountId'>;
/** What belongs to inbound messages alone may be missing; the gateway fills it in. */
type OfMessages = 'moFormat' | 'moMessage';
export type WebhookSettings = Omit<Schemas['SavedSettings'], OfMessages> &
  Pick<Schemas['WebhookSettings'], OfMessages>;
export type NameAndValue = NonNullable<WebhookInput['customParameters']>[number];
export type PreviewedRequest = Schemas['Preview'];
export type TrialAnswer = Schemas['TrialAnswer'];
export type Sender = Schemas['Sender'];
type Webhook = Schemas['Webhook'];

/** A webhook that is not saved, and what to try it with. */
export interface Trial {
  readonly accountId: string;
  /** The saved webhook that it is a change of: header values that are still masked are this one's. */
  readonly webhookId: string | null;
  readonly input: WebhookInput;
  /** JSON as somebody wrote it: of what was parsed here other numbers would arrive. */
  readonly event: string;
}

/** The exact request that would be sent; nothing is. */
export function previewWebhook(trial: Trial, signal?: AbortSignal): Promise<PreviewedRequest> {
  const { accountId } = trial;
  return answer(
    api.POST('/v1/webhooks/preview', {
      params: { query: { accountId } },
      ...bodyOf(trial),
      ...(signal && { signal }),
    }),
  );
}

/** Sends it once, now. */
export function testUnsavedWebhook(trial: Trial): Promise<TrialAnswer> {
  const { accountId } = trial;
  return answer(api.POST('/v1/webhooks/test', { params: { query: { accountId } }, ...bodyOf(trial) }));
}

function bodyOf({ input, event, webhookId }: Trial) {
  return {
    body: { ...input, ...(webhookId !== null && { webhookId }) },
    bodySerializer: (body: object) => `${JSON.stringify(body).slice(0, -1)},"event":${event}}`,
  };
}

/** @param key the same for the same call once more */
export function createWebhook(accountId: string, input: WebhookInput, key: string): Promise<Webhook> {
  const params = { query: { accountId }, header: { 'idempotency-key': key } };
  return answer(api.POST('/v1/webhooks', { params, body: input }));
}

/** @param version that the changes were made to; 409 when somebody else was faster. `null`: whatever it is now */
export function replaceWebhook(id: string, version: number | null, input: WebhookInput): Promise<Webhook> {
  const body = version === null ? input : { ...input, version };
  return answer(api.PUT('/v1/webhooks/{id}', { params: { path: { id } }, body }));
}

/** The numbers that an account's webhooks for a product may choose from: the first 500. */
export function numbersQuery(accountId: string, product: Sender['product']) {
  return queryOptions({
    queryKey: ['senders', accountId, product, 'choice'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/senders', { params: { query: { accountId, product, limit: 500 } }, signal })),
  });
}
