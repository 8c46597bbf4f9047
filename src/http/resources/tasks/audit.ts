import { maskToLastDigits } from '../../../core/mask-number.ts';
import { fieldChanges } from '../../auditing/changes.ts';
import { type Describer, textOf } from '../../auditing/describer.ts';

export const taskDescriber: Describer = {
  async describe({ reach, action, params, answer }) {
    // The path of one that is started may name a webhook.
    const id = textOf(answer, 'taskId') ?? params.id ?? '';
    const found = (await reach?.tasks.get(id))?.task;
    const task = found && 'filter' in found ? found : undefined;
    const { mobileNumber, from, to, ...filter } = task?.filter ?? {};
    const asked = {
      states: task?.states,
      ...filter,
      ...(mobileNumber === undefined ? {} : { mobileNumber: maskToLastDigits(mobileNumber) }),
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    };
    return {
      accountId: task?.accountId ?? null,
      target: { type: 'task', id, name: task?.kind ?? null },
      changes: action === 'task.created' ? fieldChanges('', {}, asked) : [],
    };
  },
};
