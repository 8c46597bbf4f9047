import type { Clock } from '../../core/clock.ts';
import type { RecoveryRequest } from '../../recover/recovery.ts';
import type { Task } from '../../stores/ports/tasks.ts';
import type { Services } from '../services.ts';

/** Tasks that do nothing: `task_1`, `task_2` … */
export function createFakeTasks(clock: Clock): Services['tasks'] & { readonly requests: RecoveryRequest[] } {
  const tasks = new Map<string, Task>();
  const requests: RecoveryRequest[] = [];
  return {
    requests,
    async create(request) {
      requests.push(request);
      const task: Task = {
        ...request,
        id: `task_${tasks.size + 1}`,
        ...{ state: 'running', reason: null, progress: [], createdAt: clock.now(), finishedAt: null },
        ...{ total: 7, done: 3, failed: 2, skipped: 1 },
      };
      tasks.set(task.id, task);
      return task;
    },
    get: async (id) => tasks.get(id) ?? null,
    list: async ({ accountId }) => ({
      data: [...tasks.values()].filter((task) => accountId === null || task.accountId === accountId),
      nextCursor: null,
    }),
    async cancel(id) {
      const task = tasks.get(id);
      if (!task || task.finishedAt !== null) return task ?? null;
      const cancelled: Task = { ...task, state: 'cancelled', finishedAt: clock.now() };
      tasks.set(id, cancelled);
      return cancelled;
    },
  };
}
