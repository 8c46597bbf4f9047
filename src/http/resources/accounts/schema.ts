import Type from 'typebox';
import { accountLimits, type LimitName, limitNames } from '../../../core/account-limits.ts';
import { type KeepName, mostKeepDays } from '../../../core/keeping.ts';
import { closed, component, instant, nullableInteger } from '../../shapes/schema.ts';

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

const keepTexts: { readonly [N in KeepName]: string } = {
  payloadDays:
    'Days that the contents of its events are kept, from their acceptance: fields, texts, names, whole numbers, what endpoints answered; 0: for ever. Never more than `logDays`.',
  logDays:
    'Days that it is kept that there was an event, with its ids, times, states, attempts and the last four digits of its numbers; 0: for ever.',
};

function days(name: KeepName) {
  return nullableInteger({ minimum: 0, maximum: mostKeepDays, description: keepTexts[name] });
}

const keepChanges = closed(
  { payloadDays: Type.Optional(days('payloadDays')), logDays: Type.Optional(days('logDays')) },
  component(
    'AccountKeepChanges',
    'How long what belongs to this account alone is kept. `null` takes a time away, so that the one of all accounts holds; what is not named stays. A shorter time takes away, for good, what is older.',
  ),
);

const ownKeep = closed(
  { payloadDays: days('payloadDays'), logDays: days('logDays') },
  component(
    'AccountKeep',
    'How long what belongs to this account alone is kept; `null`: as long as for all accounts.',
  ),
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
    keep: Type.Optional(keepChanges),
  },
  component('NewAccount', 'An account to create.'),
);

export const accountChange = closed(
  { name: Type.Optional(name), limits: Type.Optional(limitChanges), keep: Type.Optional(keepChanges) },
  { minProperties: 1, ...component('AccountChange', 'What can be changed of an account.') },
);

export const account = closed(
  { id: Type.String(), name, createdAt: instant, limits: ownLimits, keep: ownKeep },
  component('Account', 'A customer of the platform.'),
);
