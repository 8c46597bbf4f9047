import { type Describer, fieldOf, textOf } from '../../auditing/describer.ts';

/** Says that somebody was erased, and not who. */
export const erasureDescriber: Describer = {
  describe: ({ body, answer }) => ({
    accountId: textOf(body, 'accountId'),
    target: { type: 'task', id: textOf(answer, 'taskId') ?? '', name: 'erasure' },
    changes: [{ field: 'waiting', from: null, to: fieldOf(body, 'waiting') ?? 'deliver' }],
  }),
};
