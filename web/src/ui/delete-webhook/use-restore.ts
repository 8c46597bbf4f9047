import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, problemOf } from '../../api/problem.ts';
import { restoreWebhook } from '../../api/webhooks.ts';
import { problemInBrief } from '../problem-words.ts';
import { forgetDeleted } from './deleted.ts';

/** Undoes a delete, and says what came of it. */
export function useRestore() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: restoreWebhook,
    onSuccess: async ({ taskId, note, webhook }, id) => {
      forgetDeleted(id);
      const sent = taskId === null ? '' : ' What was not sent because of the delete is sent now.';
      notifications.show({
        color: 'teal',
        message: `The webhook is back.${sent}${note === null ? '' : ` ${note}`}`,
      });
      await queryClient.invalidateQueries({ queryKey: ['tasks', webhook.accountId] });
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
        queryClient.invalidateQueries({ queryKey: ['webhook', id] }),
      ]);
    },
    onError: (error, id) => {
      const { status } = problemOf(error);
      if (error instanceof ApiError && [404, 409, 410].includes(status)) forgetDeleted(id);
      notifications.show({
        color: 'red',
        title: 'The webhook could not be restored',
        message: problemInBrief(error),
      });
    },
  });
}
