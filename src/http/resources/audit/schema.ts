import Type from 'typebox';
import { auditActions } from '../../../stores/ports/audit.ts';
import {
  accountPageQuery,
  closed,
  component,
  instant,
  instantGiven,
  nullableObject,
  nullableText,
  word,
} from '../../shapes/schema.ts';

const moment = Type.String(instantGiven);

export const auditFilters = accountPageQuery({
  actor: Type.Optional(Type.String({ maxLength: 200, description: 'The id or the name of who did it.' })),
  action: Type.Optional(word(auditActions)),
  target: Type.Optional(Type.String({ maxLength: 512, description: 'The id of what it was done to.' })),
  from: Type.Optional({ ...moment, description: 'At or after.' } as typeof moment),
  to: Type.Optional({ ...moment, description: 'Before.' } as typeof moment),
});

const actorKinds = ['operatorKey', 'key', 'person', 'portalLink', 'nobody'] as const;

export const auditEntry = closed(
  {
    id: Type.String({ examples: ['aud_0a1b2c3d4e5'] }),
    at: instant,
    accountId: nullableText({ description: "`null`: the platform's own." }),
    actor: closed({
      kind: word(actorKinds, {
        description: '`nobody`: somebody who could not sign in; the name is the address that they gave.',
      }),
      id: Type.String(),
      name: Type.String(),
    }),
    action: word(auditActions),
    target: nullableObject({
      type: Type.String(),
      id: Type.String(),
      name: nullableText({ description: 'What it was called then.' }),
    }),
    changes: Type.Array(
      closed({
        field: Type.String({ examples: ['settings.timeoutMs'] }),
        from: Type.Unknown({ description: 'Before; secrets stand as bullets.' }),
        to: Type.Unknown({ description: 'After.' }),
      }),
    ),
    ip: nullableText({ description: 'Where the call came from.' }),
  },
  component('AuditEntry', 'Somebody changed something.'),
);
