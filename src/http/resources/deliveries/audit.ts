import { type Describer, textOf } from '../../auditing/describer.ts';

export const deliveryDescriber: Describer = {
  describe: ({ params, answer }) => ({
    accountId: textOf(answer, 'accountId'),
    target: { type: 'delivery', id: params.id ?? '', name: null },
    changes: [],
  }),
};
