import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Delivery, replayDelivery } from '../../api/deliveries.ts';
import { problemWords } from '../../ui/problem-words.ts';

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
      const { says, detail, advice } = problemWords(error);
      notifications.show({
        title: says,
        message: <span className="muted">{detail ?? advice}</span>,
        color: 'red',
        closeButtonProps,
      });
    },
  });
}
