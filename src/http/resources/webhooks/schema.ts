import Type from 'typebox';
import { productIds } from '../../../core/products/index.ts';
import { type SignatureKind, signatureKinds } from '../../../rendering/signing-secret.ts';
import {
  accountPageQuery,
  closed,
  component,
  instant,
  namedAccountId,
  nullableInstant,
  nullableObject,
  nullableText,
  word,
} from '../../shapes/schema.ts';
import { reportTypes, savedSettings, webhookInput } from './input/schema.ts';
import { warningCodes } from './warnings.ts';

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

const secretShape = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  description:
    'A signing secret of your own: `whsec_` and the base64 of 24 to 64 bytes (HMAC-SHA256), or `whsk_` and that of an ' +
    'Ed25519 private key, 32 bytes, or 64 with its public key. Without it one is made.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
};
const signatureShape = {
  type: 'string',
  enum: [...signatureKinds],
  description: 'What the secret that is made is for: `v1`, unless told, is HMAC-SHA256, `v1a` Ed25519.',
};

/** How a new webhook signs. */
export const newSecret = {
  secret: Type.Optional(Type.Unsafe<string>(secretShape)),
  signature: Type.Optional(Type.Unsafe<SignatureKind>(signatureShape)),
};

/** For `POST`: the body itself, and the account where an operator asks. */
export const newWebhook = closed(
  {
    accountId: Type.Optional(
      Type.String({ ...namedAccountId, description: 'The account, where an operator key asks.' }),
    ),
    ...newSecret,
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

const publicKey = nullableText({
  description: 'For a `whsk_…` the `whpk_…` that verifies what it signs; `null` for a `whsec_…`.',
});

export const signingSecrets = closed(
  {
    secret: Type.String({
      description: 'Signs now: `whsec_…`, or `whsk_…`, of which the endpoint needs the public key only.',
      examples: ['whsec_…'],
    }),
    publicKey,
    previous: Type.Array(closed({ secret: Type.String(), publicKey, expiresAt: nullableInstant }), {
      description: 'Those before it sign too, until they expire.',
    }),
  },
  component('SigningSecrets', 'What signs the requests of a webhook, as Standard Webhooks has it.'),
);

export const rotation = nullableObject(
  {
    overlapHours: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 168,
        default: 24,
        description: 'How long the secret before signs too.',
      }),
    ),
    ...newSecret,
  },
  component('Rotation', 'How to change the secret.'),
);
