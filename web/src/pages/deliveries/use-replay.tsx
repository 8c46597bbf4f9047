import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type Delivery, replayDelivery } from '../../api/deliveries.ts';
import { problemOf } from '../../api/problem.ts';

/** Sends one delivery again and says that it is under way; what it has become is handed on. */
export function useReplay(onReplayed: (deliveries: readonly Delivery[]) => void) {
  return useMutation({
    mutationFn: replayDelivery,
    onSuccess: (delivery) => {
      onReplayed([delivery]);
      notifications.show({
        title: 'Sent again',
        message: `${delivery.messageId} is on its way.`,
        color: 'teal',
      });
    },
    onError: (error) => {
      const { title, detail } = problemOf(error);
      notifications.show({ title, message: <span className="muted">{detail}</span>, color: 'red' });
    },
  });
}
