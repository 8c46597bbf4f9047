import { HookwireError } from '../../../core/errors.ts';
import type { App } from '../../app-types.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { idParams, pageOf } from '../../shapes/schema.ts';
import { taskDescriber } from './audit.ts';
import { task, taskQuery } from './schema.ts';
import { taskView } from './view.ts';

const tags = ['Tasks'];

/** Work that takes longer than a request. */
export function routeTasks(app: App): void {
  app.get(
    '/v1/tasks',
    {
      config: { access: 'deliveries:replay' },
      schema: {
        operationId: 'listTasks',
        summary: 'List the tasks',
        description: 'Newest first.',
        tags,
        querystring: taskQuery,
        response: { 200: pageOf('Task', task) },
      },
    },
    async (request) => {
      const { tasks } = request.reach.of(request.query.accountId);
      return pageAnswer(await tasks.list(pageRequest(request.query)), taskView);
    },
  );

  app.get(
    '/v1/tasks/:id',
    {
      config: { access: 'deliveries:replay', idOf: 'task' },
      schema: {
        operationId: 'getTask',
        summary: 'Get a task with its progress',
        tags,
        params: idParams,
        response: { 200: task },
      },
    },
    async ({ reach, params }) => {
      const { task } = await reach.tasks.find(params.id);
      return taskView(task);
    },
  );

  app.post(
    '/v1/tasks/:id/cancel',
    {
      config: {
        access: 'deliveries:replay',
        idOf: 'task',
        errors: ['conflict'],
        audit: { action: 'task.cancelled', describer: taskDescriber },
      },
      schema: {
        operationId: 'cancelTask',
        summary: 'Cancel a task',
        description:
          'Deliveries that it had not queued yet stay as they are. Those that it had (at most 200 of a webhook) are sent, but not counted any more.',
        tags,
        params: idParams,
        response: { 200: task },
      },
    },
    async ({ reach, params }) => {
      const found = await reach.tasks.find(params.id);
      const ended = await found.cancel();
      if (ended.state !== 'cancelled') {
        const why =
          'counts' in ended && ended.finishedAt === null
            ? 'What it erases is not to be had back'
            : 'The task has ended already';
        throw new HookwireError('conflict', `${why}: it is ${ended.state}.`);
      }
      return taskView(ended);
    },
  );
}
