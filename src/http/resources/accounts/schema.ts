import Type from 'typebox';
import { accountLimits, type LimitName, limitNames } from '../../../core/account-limits.ts';
import { productIds } from '../../../core/products/index.ts';
import { scopes } from '../../../core/scopes.ts';
import {
  closed,
  component,
  instant,
  namedAccountId,
  nullableInteger,
  nullableText,
  word,
} from '../../shapes/schema.ts';

const name = Type.String({ minLength: 1, maxLength: 100, examples: ['Acme Retail'] });

/** @param type of the field for each limit */
function limitFields<T>(field: (name: LimitName) => T): { [N in LimitName]: T } {
  return Object.fromEntries(limitNames.map((name) => [name, field(name)])) as { [N in LimitName]: T };
}

const limitChanges = closed(
  limitFields((name) => {
    const { least, most, description } = accountLimits[name];
    return Type.Optional(nullableInteger({ minimum: least, maximum: most, description }));
  }),
  component(
    'AccountLimitChanges',
    'Limits of this account alone. `null` takes one away, so that the account has the one of all accounts; what is not named stays. What is over a new limit stays and goes on working.',
  ),
);

const ownLimits = closed(
  limitFields((name) => nullableInteger({ description: accountLimits[name].description })),
  component('AccountLimits', 'Limits of this account alone; `null`: it has the one of all accounts.'),
);

export const newAccount = closed(
  {
    name,
    id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        'x-shape': 'at most 64 letters, digits, ".", "_" and "-", beginning with a letter or digit',
        description: "The platform's own id for the customer; made where it is not given.",
      }),
    ),
    limits: Type.Optional(limitChanges),
  },
  component('NewAccount', 'An account to create.'),
);

export const accountChange = closed(
  { name: Type.Optional(name), limits: Type.Optional(limitChanges) },
  { minProperties: 1, ...component('AccountChange', 'What can be changed of an account.') },
);

export const account = closed(
  { id: Type.String(), name, createdAt: instant, limits: ownLimits },
  component('Account', 'A customer of the platform.'),
);

const scopeList = Type.Array(word(scopes), { minItems: 1, maxItems: scopes.length, uniqueItems: true });

export const newKey = closed({ name, scopes: scopeList }, component('NewKey', 'An API key to make.'));

export const key = closed(
  { id: Type.String(), accountId: Type.String(), name, scopes: Type.Array(word(scopes)), createdAt: instant },
  component('Key', 'An API key, without its secret part.'),
);

export const createdKey = closed(
  {
    ...key.properties,
    key: Type.String({ description: 'The key itself. Shown this once.', examples: ['hw_…'] }),
  },
  component('CreatedKey', 'A new API key.'),
);

const label = nullableText({ maxLength: 100, description: 'A name for people.' });

export const newSender = closed(
  {
    accountId: Type.Optional(
      Type.String({ ...namedAccountId, description: 'The account, where an operator key asks.' }),
    ),
    product: word(productIds),
    productUniqueId: Type.String({ maxLength: 100, examples: ['919999999999'] }),
    label: Type.Optional(label),
  },
  component('NewSender', 'An identity of a product to register.'),
);

export const sender = closed(
  {
    id: Type.String(),
    accountId: Type.String(),
    product: word(productIds),
    productUniqueId: Type.String(),
    label,
    createdAt: instant,
  },
  component('Sender', 'An identity of a product, such as a Waba Number, that webhooks may choose from.'),
);
