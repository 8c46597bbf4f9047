import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/problem.ts';
import { renderPiece } from '../testing/render.tsx';
import { ConfirmModal } from './confirm-modal.tsx';

function ask(onConfirm: () => Promise<unknown>, typed?: { label: string; text: string }) {
  const onClose = vi.fn();
  const shown = renderPiece(
    <ConfirmModal
      opened
      onClose={onClose}
      title="Delete it?"
      action="Delete"
      onConfirm={onConfirm}
      {...(typed && { typed })}
    >
      It is gone then.
    </ConfirmModal>,
  );
  return { ...shown, onClose, button: screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' }) };
}

describe('a question before something that cannot be taken back', () => {
  it('does it and closes', async () => {
    const onConfirm = vi.fn().mockResolvedValue(undefined);
    const { user, button, onClose } = ask(onConfirm);
    await user.click(button);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(onConfirm).toHaveBeenCalledOnce();
  });

  it('does nothing when it is cancelled', async () => {
    const onConfirm = vi.fn();
    const { user, onClose } = ask(onConfirm);
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(onClose).toHaveBeenCalledOnce();
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it('wants the name typed where a slip would cost much', async () => {
    const onConfirm = vi.fn().mockResolvedValue(undefined);
    const { user, button } = ask(onConfirm, { label: 'Type acme', text: 'acme' });
    expect(button.disabled).toBe(true);
    await user.type(screen.getByLabelText('Type acme'), 'acm{Enter}');
    expect(onConfirm).not.toHaveBeenCalled();
    await user.type(screen.getByLabelText('Type acme'), 'e{Enter}');
    expect(onConfirm).toHaveBeenCalledOnce();
  });

  it('stays open and says why when it could not be done', async () => {
    const problem = { status: 409, code: 'conflict', title: 'Conflict', detail: 'The last owner stays.' };
    const { user, button, onClose } = ask(() => Promise.reject(new ApiError(problem)));
    await user.click(button);
    expect((await screen.findByRole('alert')).textContent).toContain('The last owner stays.');
    expect(onClose).not.toHaveBeenCalled();
  });
});
