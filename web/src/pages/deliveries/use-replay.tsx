import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Delivery, replayDelivery } from '../../api/deliveries.ts';
import { problemOf } from '../../api/problem.ts';

const closeButtonProps = { 'aria-label': 'Close' };

/** Sends one delivery again and says that it is under way; what it has become is handed on. */
export function useReplay(onReplayed: (delivery: Delivery) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: replayDelivery,
    onSuccess: (delivery) => {
      onReplayed(delivery);
      void queryClient.invalidateQueries({ queryKey: ['delivery', delivery.id], exact: true });
      notifications.show({
        title: 'Queued',
        message: <span className="muted">{delivery.messageId} is sent again.</span>,
        color: 'teal',
        closeButtonProps,
      });
    },
    onError: (error) => {
      const { title, detail } = problemOf(error);
      notifications.show({
        title,
        message: <span className="muted">{detail}</span>,
        color: 'red',
        closeButtonProps,
      });
    },
  });
}
