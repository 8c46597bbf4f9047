import Type from 'typebox';
import { accountRoles, roles } from '../../../core/roles.ts';
import {
  closed,
  component,
  instant,
  namedAccountId,
  nullableInstant,
  nullableText,
  word,
} from '../../shapes/schema.ts';

export const personName = Type.String({ minLength: 1, maxLength: 100, examples: ['Asha Rao'] });
export const emailAddress = Type.String({
  maxLength: 254,
  // As better-auth takes it.
  pattern:
    "^(?!\\.)(?!.*\\.\\.)[A-Za-z0-9_'+\\-.]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$",
  'x-shape': 'an e-mail address',
  examples: ['asha@example.com'],
});
export const accountOfRole = nullableText({ description: '`null` for an operator.' });

export const person = closed(
  {
    id: Type.String({ examples: ['mem_9k2m4q7x1v8b3n6t'] }),
    personId: Type.String({ description: 'The same in all accounts that the person belongs to.' }),
    name: Type.String(),
    email: Type.String(),
    role: word(roles),
    accountId: accountOfRole,
    createdAt: instant,
    lastSeenAt: nullableInstant,
    invited: Type.Boolean({ description: 'Invited, and without a way to sign in so far.' }),
  },
  component('Person', 'One role of one person: as an operator, or in an account.'),
);

export const newPerson = closed(
  {
    email: emailAddress,
    name: personName,
    role: word(roles),
    accountId: Type.Optional(
      Type.String({
        ...namedAccountId,
        description: 'The account, where an operator invites; none for an operator.',
      }),
    ),
  },
  component('NewPerson', 'Somebody to invite.'),
);

export const invitedPerson = closed(
  {
    ...person.properties,
    link: nullableText({
      description:
        'To be handed to the person, who sets a password by it. Shown this once. `null`: the person signs in as before.',
    }),
    linkExpiresAt: nullableInstant,
  },
  component('InvitedPerson', 'Somebody who was invited.'),
);

export const roleChange = closed(
  { role: Type.Optional(word(accountRoles)), name: Type.Optional(personName) },
  component('RoleChange', 'What can be changed of a person.'),
);

export const handedLink = closed(
  { link: Type.String({ description: 'Shown this once.' }), expiresAt: instant },
  component('HandedLink', 'A link to be handed to a person.'),
);
