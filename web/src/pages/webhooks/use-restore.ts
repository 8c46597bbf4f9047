import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, problemOf } from '../../api/problem.ts';
import { restoreWebhook } from '../../api/webhooks.ts';
import { forgetDeleted } from './deleted.ts';

/** Undoes a delete, and says what came of it. */
export function useRestore() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: restoreWebhook,
    onSuccess: async (_webhook, id) => {
      forgetDeleted(id);
      notifications.show({ color: 'teal', message: 'The webhook is back, and what waited for it is sent.' });
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['webhooks'] }),
        queryClient.invalidateQueries({ queryKey: ['webhook', id] }),
      ]);
    },
    onError: (error, id) => {
      const { status } = problemOf(error);
      if (error instanceof ApiError && (status === 410 || status === 404)) forgetDeleted(id);
      notifications.show({
        color: 'red',
        title: 'The webhook could not be restored',
        message: problemOf(error).detail,
      });
    },
  });
}
