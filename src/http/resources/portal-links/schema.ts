import Type from 'typebox';
import { accountRoles } from '../../../core/roles.ts';
import { closed, component, instant, word } from '../../shapes/schema.ts';

const minuteSeconds = 60;

export const newPortalLink = closed(
  {
    role: Type.Optional(word(accountRoles, { default: 'developer' })),
    grantsAccess: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether whoever opened it may make API keys, invite people and change their roles, all of which outlast the stay. Needs the role `owner`.',
      }),
    ),
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        default: 'Portal link',
        description: 'Who it is for; the audit log calls them so.',
        examples: ['Asha Rao'],
      }),
    ),
    expiresInSeconds: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 60 * minuteSeconds,
        default: 5 * minuteSeconds,
        description: 'How long the link can be opened.',
      }),
    ),
    sessionMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 720,
        default: 60,
        description: 'How long whoever opened it may stay.',
      }),
    ),
    path: Type.Optional(
      Type.String({
        maxLength: 1_000,
        pattern: '^/(?![/\\\\])[^\\s\\\\]*$',
        'x-shape': 'a path of the portal, beginning with one "/"',
        description: 'The page to open. Default: the webhooks.',
        examples: ['/a/acc_1/deliveries?state=failed'],
      }),
    ),
  },
  component('NewPortalLink', "A link into an account's portal."),
);

export const portalLink = closed(
  {
    id: Type.String({ description: 'Names it in the audit log.', examples: ['plk_9k2m4q7x1v8b3n6t'] }),
    url: Type.String({
      description: 'To be opened by the customer, in a window or a frame. Opens once.',
      examples: ['https://hookwire.example.com/enter#token=hwl_…'],
    }),
    expiresAt: instant,
  },
  component('PortalLink', "A link into an account's portal."),
);

export const portalLinkToken = closed(
  { token: Type.String({ maxLength: 2_000, description: 'What stands behind `#token=` in the link.' }) },
  component('PortalLinkToken', 'A link that is opened.'),
);

export const portalLinkSession = closed(
  { token: Type.String({ examples: ['hwp_…'] }), expiresAt: instant },
  component('PortalLinkSession', 'For the `Authorization` header: `Bearer hwp_…`.'),
);
