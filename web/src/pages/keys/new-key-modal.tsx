import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { CreatedKey } from '../../api/keys.ts';
import { MadeKey } from './made-key.tsx';
import { NewKeyForm } from './new-key-form.tsx';

export interface NewKeyModalProps {
  readonly accountId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: () => unknown;
}

/** Asks what the key is for, then shows it: this once. */
export function NewKeyModal({ accountId, opened, onClose, onMade }: NewKeyModalProps) {
  const [made, setMade] = useState<CreatedKey | null>(null);
  function close() {
    onClose();
    setMade(null);
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={made ? 'Copy the key now' : 'Make an API key'}
      size="lg"
      closeOnClickOutside={made === null}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made ? (
        <MadeKey made={made} onDone={close} />
      ) : (
        <NewKeyForm
          accountId={accountId}
          onMade={(key) => {
            setMade(key);
            onMade();
          }}
        />
      )}
    </Modal>
  );
}
