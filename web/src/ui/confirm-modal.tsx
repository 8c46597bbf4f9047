import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { ProblemNotice } from './problem-notice.tsx';

export interface ConfirmModalProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** The verb on the button: "Delete the key". */
  readonly action: string;
  /** Does it; the question closes once that is done. */
  readonly onConfirm: () => Promise<unknown>;
  /** What has to be typed first, where a slip would cost much. */
  readonly typed?: { readonly label: string; readonly text: string };
}

/** Asks before something that cannot easily be taken back. */
export function ConfirmModal(props: ConfirmModalProps) {
  const { opened, onClose, title, children, action, onConfirm, typed } = props;
  const [text, setText] = useState('');
  const { mutate, isPending, error, reset } = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  useEffect(() => {
    if (!opened) return;
    setText('');
    reset();
  }, [opened, reset]);

  function confirm(event: FormEvent) {
    event.preventDefault();
    mutate();
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form onSubmit={confirm}>
        <Stack gap="md">
          <div>{children}</div>
          {typed && (
            <TextInput
              data-autofocus
              label={typed.label}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {error && <ProblemNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus={typed ? undefined : true}>
              Cancel
            </Button>
            <Button
              type="submit"
              color="red"
              loading={isPending}
              disabled={typed !== undefined && text.trim() !== typed.text}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
