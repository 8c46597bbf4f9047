import { screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createKey } from '../../api/keys.ts';
import { ApiError } from '../../api/problem.ts';
import { renderPiece } from '../../testing/render.tsx';
import { NewKeyModal } from './new-key-modal.tsx';

vi.mock('../../api/keys.ts', () => ({ createKey: vi.fn() }));
const made = vi.mocked(createKey);

function Opened() {
  const [opened, setOpened] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setOpened(true)}>
        Again
      </button>
      <NewKeyModal accountId="acme" opened={opened} onClose={() => setOpened(false)} onMade={() => {}} />
    </>
  );
}

describe('making a key', () => {
  beforeEach(() => void made.mockReset());

  it('shows the key once', async () => {
    made.mockResolvedValue({
      id: 'key_1',
      accountId: 'acme',
      name: 'Orders',
      scopes: ['events:write'],
      createdAt: '2026-11-22T10:00:00.000Z',
      key: 'hw_secret',
    });
    const { user } = renderPiece(<Opened />);
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Orders');
    await user.click(screen.getByRole('button', { name: 'A program that sends events' }));
    await user.click(screen.getByRole('button', { name: 'Make the key' }));
    expect(await screen.findByDisplayValue('hw_secret')).toBeTruthy();
    expect(made).toHaveBeenCalledExactlyOnceWith('acme', { name: 'Orders', scopes: ['events:write'] });

    await user.click(screen.getByRole('button', { name: 'I have kept it' }));
    await user.click(screen.getByText('Again'));
    expect(screen.queryByDisplayValue('hw_secret')).toBeNull();
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('');
  });

  it('needs to know what it is for and what it may', async () => {
    const { user } = renderPiece(<Opened />);
    await user.click(screen.getByRole('button', { name: 'Make the key' }));
    expect(screen.getByText('Say what the key is for.')).toBeTruthy();
    expect(screen.getByText('Choose at least one.')).toBeTruthy();
    expect(made).not.toHaveBeenCalled();
  });

  it("says the gateway's own errors at their fields", async () => {
    const errors = [{ path: 'name', message: 'must be shorter.' }];
    made.mockRejectedValue(
      new ApiError({ status: 422, code: 'invalid_input', title: 'Invalid', detail: 'Wrong.', errors }),
    );
    const { user } = renderPiece(<Opened />);
    const name = screen.getByRole('textbox', { name: 'Name' });
    await user.type(name, 'Orders');
    await user.click(screen.getByRole('checkbox', { name: 'Everything' }));
    await user.click(screen.getByRole('button', { name: 'Make the key' }));
    expect(await screen.findByText('Must be shorter.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(screen.queryByText('Wrong.')).toBeNull();
  });

  it('says which limit the account has reached, what it is, and whom to ask', async () => {
    const detail =
      'The account may have 100 API keys and has them. The operator of the gateway can raise the limit.';
    made.mockRejectedValue(
      new ApiError({ status: 409, code: 'limit_reached', title: 'As many as it may have', detail }),
    );
    const { user } = renderPiece(<Opened />);
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Orders');
    await user.click(screen.getByRole('checkbox', { name: 'Everything' }));
    await user.click(screen.getByRole('button', { name: 'Make the key' }));
    expect((await screen.findByRole('alert')).textContent).toContain(detail);
  });
});
