import Type from 'typebox';
import { accountRoles, roles } from '../../../core/roles.ts';
import { passwordLength } from '../../../portal/passwords.ts';
import {
  closed,
  component,
  instant,
  namedAccountId,
  nullableInstant,
  nullableText,
  nullableWord,
  word,
} from '../../shapes/schema.ts';

const name = Type.String({ minLength: 1, maxLength: 100, examples: ['Asha Rao'] });
const token = Type.String({ maxLength: 200, description: 'What stands behind `#token=` in the link.' });
const password = Type.String({ minLength: passwordLength.min, maxLength: passwordLength.max });
const email = Type.String({
  maxLength: 254,
  // As better-auth takes it.
  pattern:
    "^(?!\\.)(?!.*\\.\\.)[A-Za-z0-9_'+\\-.]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$",
  'x-shape': 'an e-mail address',
  examples: ['asha@example.com'],
});
const nullableAccount = nullableText({ description: '`null` for an operator.' });

export const signIn = closed(
  { email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 1_000 }) },
  component('SignIn', 'Who somebody is.'),
);

export const setUp = closed(
  { token, name, email, password },
  component('SetUp', 'The first operator, by the link that the gateway printed at its start.'),
);

export const passwordLinkToken = closed({ token }, component('PasswordLinkToken', 'A link for a password.'));

export const setPassword = closed(
  { token, password, name: Type.Optional(name) },
  component('SetPassword', 'A password, set by a link.'),
);

export const openPasswordLink = closed(
  {
    email: Type.String(),
    name: Type.String(),
    purpose: word(['invitation', 'reset'] as const),
    expiresAt: instant,
  },
  component('OpenPasswordLink', 'Whose password a link sets, and until when.'),
);

export const personChange = closed(
  {
    name: Type.Optional(name),
    currentPassword: Type.Optional(Type.String({ maxLength: 1_000 })),
    newPassword: Type.Optional(password),
  },
  component('PersonChange', 'What people change of themselves. A new password needs the current one.'),
);

export const session = closed(
  {
    signedIn: Type.Boolean(),
    setupNeeded: Type.Boolean({
      description: 'There is no operator yet: the gateway printed a link by which the first one is made.',
    }),
    minPasswordLength: Type.Integer(),
    oidc: Type.Unsafe<{ name: string } | null>({
      type: ['object', 'null'],
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
      description: 'The provider by which one may sign in, if there is one.',
    }),
    via: nullableWord(['password', 'oidc', 'portalLink'] as const),
    person: Type.Unsafe<{ id: string; name: string; email: string } | null>({
      type: ['object', 'null'],
      properties: { id: { type: 'string' }, name: { type: 'string' }, email: { type: 'string' } },
      required: ['id', 'name', 'email'],
      additionalProperties: false,
      description: '`null` when nobody is signed in, and for those who came by a portal link.',
    }),
    memberships: Type.Array(
      closed({
        role: word(roles),
        accountId: nullableAccount,
        accountName: nullableText({ description: '`null` for an operator.' }),
      }),
    ),
    grantsAccess: Type.Boolean({
      description:
        'Whether one may make API keys and invite people, where the role allows it: not so by a portal link that was made without that.',
    }),
  },
  component('Session', 'Who is signed in, and what the sign-in page needs to know.'),
);

export const person = closed(
  {
    id: Type.String({ examples: ['mem_9k2m4q7x1v8b3n6t'] }),
    personId: Type.String({ description: 'The same in all accounts that the person belongs to.' }),
    name: Type.String(),
    email: Type.String(),
    role: word(roles),
    accountId: nullableAccount,
    createdAt: instant,
    lastSeenAt: nullableInstant,
    invited: Type.Boolean({ description: 'Invited, and without a way to sign in so far.' }),
  },
  component('Person', 'One role of one person: as an operator, or in an account.'),
);

export const newPerson = closed(
  {
    email,
    name,
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
  { role: Type.Optional(word(accountRoles)), name: Type.Optional(name) },
  component('RoleChange', 'What can be changed of a person.'),
);

export const handedLink = closed(
  { link: Type.String({ description: 'Shown this once.' }), expiresAt: instant },
  component('HandedLink', 'A link to be handed to a person.'),
);
