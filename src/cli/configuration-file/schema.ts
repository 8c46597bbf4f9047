import Type, { type Static } from 'typebox';
import { newAccount } from '../../http/resources/accounts/schema.ts';
import { newKey } from '../../http/resources/keys/schema.ts';
import { newSender } from '../../http/resources/senders/schema.ts';
import { most, webhookInput } from '../../http/resources/webhooks/input/schema.ts';
import { newSecret, webhookStatuses } from '../../http/resources/webhooks/schema.ts';
import { closed, instantGiven, nullableText, word } from '../../http/shapes/schema.ts';
import { signatureKinds } from '../../rendering/signing-secret.ts';
import { costs } from './sealing.ts';

/** Of the form that this version writes and reads. */
export const formatVersion = 1;
export const formatName = 'hookwire-configuration';

const createdAt = Type.Optional(
  Type.String({
    ...instantGiven,
    description: 'When it was made; kept where the import makes it. Without: the time of the import.',
  }),
);

function ownId(prefix: string, what: string) {
  return Type.Optional(
    Type.String({
      pattern: `^${prefix}_[A-Za-z0-9_-]{1,60}$`,
      'x-shape': `${prefix}_ and at most 60 letters, digits, "-" and "_"`,
      description: `Its id; ${what}`,
    }),
  );
}

const { name: headerName } = webhookInput.properties.customHeaders.items.properties;

const base64 = {
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
  'x-shape': 'base64',
};
/** Four bytes a character at most, with nonce and tag, as base64. */
const mostSealed = Math.ceil(((4 * most.headerValueLength + 28) * 4) / 3) + 4;

const header = closed({
  name: headerName,
  value: Type.Optional(
    Type.String({
      maxLength: most.headerValueLength,
      description:
        'Exports leave it out. Without it, and `sealed`, the webhook keeps the value that it has, as long as its URL stays at the same origin.',
    }),
  ),
  sealed: Type.Optional(
    Type.String({
      ...base64,
      maxLength: mostSealed,
      description: 'The value, sealed for this webhook and header, where the file has `sealing`.',
    }),
  ),
});

const sealedSecret = closed({
  sealed: Type.String({
    ...base64,
    maxLength: 512,
    description: 'A signing secret, sealed for this webhook.',
  }),
  expiresAt: Type.Optional(
    Type.String({
      ...instantGiven,
      description: 'Until when it signs beside the first; the first has none.',
    }),
  ),
});

/** How the secrets in a file are sealed. */
export const sealing = closed(
  {
    kdf: word(['scrypt']),
    N: Type.Integer({
      minimum: costs.least,
      maximum: costs.most,
      description: 'A power of two; the cost of a guess.',
    }),
    r: Type.Integer({ minimum: costs.r, maximum: costs.r }),
    p: Type.Integer({ minimum: costs.p, maximum: costs.p }),
    salt: Type.String({ ...base64, minLength: 16, maxLength: 128 }),
    check: Type.String({
      ...base64,
      maxLength: 128,
      description: 'Nothing, sealed: tells a wrong passphrase.',
    }),
  },
  {
    description:
      'How what is `sealed` can be opened: AES-256-GCM with the first 32 of 64 bytes that scrypt makes of the passphrase; base64 of nonce (12 bytes), tag (16) and ciphertext; `<webhook id>/secret` or `<webhook id>/header/<name in lower case>` as associated data.',
  },
);

const { customHeaders: _headers, ...webhookFields } = webhookInput.properties;
const { name: keyName, scopes } = newKey.properties;
const { product, productUniqueId, label } = newSender.properties;

const webhook = closed(
  {
    id: ownId(
      'wh',
      "without one it is the account's webhook with the same product, report type, number and URL, or a new one.",
    ),
    status: Type.Optional(
      word(webhookStatuses, { description: 'Without it stays as it is; a new one is enabled.' }),
    ),
    disabledReason: Type.Optional(
      nullableText({ maxLength: 100, description: 'Why it is disabled; without it `by_user`.' }),
    ),
    ...webhookFields,
    customHeaders: Type.Optional(Type.Array(header, { maxItems: most.headers })),
    signature: Type.Optional(
      word(signatureKinds, {
        description:
          'What signs a new webhook for which the file has no secret: `v1` (HMAC-SHA256) unless told, or `v1a` (Ed25519).',
      }),
    ),
    secret: newSecret.secret,
    sealedSecrets: Type.Optional(
      Type.Array(sealedSecret, {
        minItems: 1,
        maxItems: 100,
        description: 'What signs, newest first, where the file has `sealing`.',
      }),
    ),
    createdAt,
  },
  { description: 'A webhook as `POST /v1/webhooks` takes it, and what the gateway keeps with it.' },
);

const key = {
  id: ownId('key', 'without one it is the key with the same hash, or a new one.'),
  name: keyName,
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    'x-shape': 'the SHA-256 of the key as 64 hexadecimal digits in lower case',
    description: 'The SHA-256 of the key, in lower case. The key itself is nowhere in the file.',
  }),
  createdAt,
};

const sender = closed(
  {
    id: ownId('snd', 'without one it is made.'),
    product,
    productUniqueId,
    label,
    createdAt,
  },
  { description: 'A number that webhooks of the account may choose, known by product and number.' },
);

const account = closed(
  {
    id: newAccount.properties.id,
    name: newAccount.properties.name,
    limits: newAccount.properties.limits,
    keep: newAccount.properties.keep,
    senders: Type.Optional(Type.Array(sender)),
    keys: Type.Optional(
      Type.Array(closed({ ...key, scopes }, { description: 'An API key of the account.' })),
    ),
    webhooks: Type.Optional(Type.Array(webhook)),
    createdAt,
  },
  {
    description:
      'A customer of the platform. Without `id` it is the account of that name, or a new one. `limits` are all limits of its own, `keep` all times of its own; without them they stay as they are.',
  },
);

/** A configuration file, as far as a schema can tell. */
export const configurationFile = closed(
  {
    $schema: Type.Optional(Type.String({ maxLength: 2_000, description: 'For editors; not read.' })),
    format: word([formatName]),
    version: Type.Integer({
      minimum: formatVersion,
      maximum: formatVersion,
      description: 'Of this form of the file.',
    }),
    sealing: Type.Optional(sealing),
    operatorKeys: Type.Optional(Type.Array(closed(key, { description: 'An API key of an operator.' }))),
    accounts: Type.Optional(Type.Array(account)),
  },
  {
    description:
      'What `hookwire export` writes and `hookwire import` reads. What a file does not name stays as it is; nothing is deleted.',
  },
);

export type ConfigurationFile = Static<typeof configurationFile>;
export type AccountEntry = Static<typeof account>;
export type SenderEntry = Static<typeof sender>;
export type KeyEntry = Static<ReturnType<typeof closed<typeof key>>> & { readonly scopes?: AccountKeyScopes };
export type WebhookEntry = Static<typeof webhook>;
type AccountKeyScopes = Static<typeof scopes>;

const schemaAddress = 'https://json-schema.org/draft/2020-12/schema';

/** The published schema, for editors and whoever writes such files. */
export function publishedSchema(): object {
  return { $schema: schemaAddress, title: 'Hookwire configuration', ...(plain(configurationFile) as object) };
}

/** Without what is ours alone. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('x-'));
  return Object.fromEntries(entries.map(([name, part]) => [name, plain(part)]));
}
