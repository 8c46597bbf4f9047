import Type from 'typebox';
import { closed, component, nullableInstant, nullableInteger } from '../../shapes/schema.ts';

const time = closed(
  {
    days: Type.Integer({ description: 'What holds now; 0: for ever.' }),
    own: nullableInteger({ description: "The account's own time; `null`: it has the one of all accounts." }),
    ofAll: Type.Integer({ description: 'The time of accounts without one of their own; 0: for ever.' }),
    since: nullableInstant,
  },
  component('KeepTime', 'How long something is kept. `since`: what is older is gone; `null`: nothing is.'),
);

export const retentionAnswer = closed(
  {
    accountId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: '`null`: what holds for accounts without times of their own.',
    }),
    payload: time,
    log: time,
    audit: time,
  },
  component(
    'Retention',
    'How long things are kept. `payload`: the contents of events, from their acceptance: fields, texts, names, whole numbers, what endpoints answered. `log`: that there was an event, with its ids, times, states, attempts and the last four digits of its numbers. `audit`: who changed what; the same for all accounts.',
  ),
);
