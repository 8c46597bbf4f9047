import Type from 'typebox';
import { productIds } from '../../core/products/index.ts';
import { reportTypes, savedSettings, webhookInput } from '../webhook-input/schema.ts';
import { warningCodes } from '../webhook-warnings.ts';
import {
  accountPageQuery,
  closed,
  component,
  instant,
  namedAccountId,
  nullableInstant,
  nullableText,
  word,
} from './shapes.ts';

export const webhookStatuses = ['enabled', 'disabled'] as const;

const warning = closed(
  {
    code: word(warningCodes),
    message: Type.String({ description: 'For people.' }),
    path: Type.Optional(Type.String({ description: 'What of the webhook it is about.' })),
  },
  component('Warning', 'What is allowed but doubtful.'),
);

export const warnings = Type.Array(warning, {
  description:
    'What is allowed but doubtful: `same_webhook` (another sends the same reports to the same URL), `number_beside_all` ' +
    '(one for a number beside one for all numbers), `url_may_grow_long` (by GET), `name_in_query` (a name that the ' +
    "URL's own query has too), `not_valid_any_more` (what would be refused now); in previews and tests also " +
    '`url_too_long`.',
});

const answered = {
  id: Type.String({ examples: ['wh_0a1b2c3d4e5f6g7h'] }),
  accountId: Type.String(),
  status: word(webhookStatuses),
  disabledReason: nullableText({
    description:
      '`by_user`, `gone` (the endpoint answered 410), `failing` (it failed for days); `null` while enabled.',
  }),
  failingSince: Type.Unsafe<string | null>({
    ...nullableInstant,
    description: 'Since when its endpoint has done nothing but fail; `null` while it is well.',
  }),
  version: Type.Integer({
    description: 'Rises with every change; an attempt names the version that it used.',
  }),
  createdAt: instant,
  updatedAt: instant,
  warnings,
};

const { productUniqueId, parameterNames, customParameters, customHeaders, description } =
  webhookInput.properties;

/** A webhook as it is answered: every default filled in, header values masked. */
export const webhook = Type.Object(
  {
    ...answered,
    ...webhookInput.properties,
    productUniqueId: Type.Required(Type.Object({ productUniqueId })).properties.productUniqueId,
    ...Type.Required(Type.Object({ parameterNames, customParameters, customHeaders, description }))
      .properties,
    settings: savedSettings,
  },
  { additionalProperties: false, ...component('Webhook', 'A saved webhook. Header values are masked.') },
);

/** For `POST`: the body itself, and the account where an operator asks. */
export const newWebhook = closed(
  {
    accountId: Type.Optional(
      Type.String({ ...namedAccountId, description: 'The account, where an operator key asks.' }),
    ),
    ...webhookInput.properties,
  },
  component('NewWebhook', 'A webhook to create.'),
);

/** For `PUT`: what `GET` answered may be sent back as a whole. */
export const changedWebhook = closed(
  {
    ...webhookInput.properties,
    id: Type.Optional(answered.id),
    accountId: Type.Optional(answered.accountId),
    status: Type.Optional(answered.status),
    disabledReason: Type.Optional(answered.disabledReason),
    failingSince: Type.Optional(answered.failingSince),
    version: Type.Optional(
      Type.Integer({
        description: 'If given and no longer the current one, the answer is 409 and nothing changes.',
      }),
    ),
    createdAt: Type.Optional(answered.createdAt),
    updatedAt: Type.Optional(answered.updatedAt),
    warnings: Type.Optional(answered.warnings),
  },
  component(
    'ChangedWebhook',
    'A whole webhook. What the gateway sets itself may be sent back, but not changed.',
  ),
);

export const webhookFilters = accountPageQuery({
  product: Type.Optional(word(productIds)),
  reportType: Type.Optional(word(reportTypes)),
  status: Type.Optional(word(webhookStatuses)),
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Text in the URL, the description or the id, or a number in any spelling.',
    }),
  ),
});

export const signingSecrets = closed(
  {
    secret: Type.String({ description: 'Signs now.', examples: ['whsec_…'] }),
    previous: Type.Array(closed({ secret: Type.String(), expiresAt: nullableInstant }), {
      description: 'Those before it sign too, until they expire.',
    }),
  },
  component('SigningSecrets', 'What signs the requests of a webhook, as Standard Webhooks has it.'),
);

export const rotation = Type.Unsafe<{ overlapHours?: number } | null>({
  type: ['object', 'null'],
  properties: {
    overlapHours: {
      type: 'number',
      minimum: 0,
      maximum: 168,
      default: 24,
      description: 'How long the secret before signs too.',
    },
  },
  additionalProperties: false,
  ...component('Rotation', 'How to change the secret.'),
});
