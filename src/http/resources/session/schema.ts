import Type from 'typebox';
import { roles } from '../../../core/roles.ts';
import { passwordLength } from '../../../people/passwords.ts';
import {
  closed,
  component,
  instant,
  nullableObject,
  nullableText,
  nullableWord,
  word,
} from '../../shapes/schema.ts';
import { accountOfRole, emailAddress, personName } from '../people/schema.ts';

const token = Type.String({ maxLength: 200, description: 'What stands behind `#token=` in the link.' });
const password = Type.String({ minLength: passwordLength.min, maxLength: passwordLength.max });
export const signIn = closed(
  { email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 1_000 }) },
  component('SignIn', 'Who somebody is.'),
);

export const setUp = closed(
  { token, name: personName, email: emailAddress, password },
  component('SetUp', 'The first operator, by the link that the gateway printed at its start.'),
);

export const passwordLinkToken = closed({ token }, component('PasswordLinkToken', 'A link for a password.'));

export const setPassword = closed(
  { token, password, name: Type.Optional(personName) },
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
    name: Type.Optional(personName),
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
    oidc: nullableObject(
      { name: Type.String() },
      { description: 'The provider by which one may sign in, if there is one.' },
    ),
    via: nullableWord(['password', 'oidc', 'portalLink'] as const),
    person: nullableObject(
      { id: Type.String(), name: Type.String(), email: Type.String() },
      { description: '`null` when nobody is signed in, and for those who came by a portal link.' },
    ),
    memberships: Type.Array(
      closed({
        role: word(roles),
        accountId: accountOfRole,
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
