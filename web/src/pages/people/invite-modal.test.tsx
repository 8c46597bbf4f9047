import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { addPerson, type InvitedPerson } from '../../api/people.ts';
import { renderPiece } from '../../testing/render.tsx';
import { InviteModal } from './invite-modal.tsx';

vi.mock('../../api/people.ts', () => ({ addPerson: vi.fn() }));
const added = vi.mocked(addPerson);

const asha: InvitedPerson = {
  id: 'mem_1',
  personId: 'per_1',
  name: 'Asha Rao',
  email: 'asha@example.com',
  role: 'viewer',
  accountId: 'acme',
  createdAt: '2026-11-22T10:00:00.000Z',
  lastSeenAt: null,
  invited: true,
  link: 'https://hooks.example/set-password#token=one',
  linkExpiresAt: '2026-11-25T10:00:00.000Z',
};

function open(accountId: string | null) {
  return renderPiece(<InviteModal accountId={accountId} opened onClose={vi.fn()} onInvited={vi.fn()} />);
}

async function fill({ user }: ReturnType<typeof renderPiece>) {
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Asha Rao');
  await user.type(screen.getByLabelText('E-mail address'), 'asha@example.com');
}

describe('inviting', () => {
  beforeEach(() => void added.mockReset().mockResolvedValue(asha));

  it('gives a role in the account, and a link to hand on', async () => {
    const shown = open('acme');
    await fill(shown);
    await shown.user.click(screen.getByRole('radio', { name: 'Viewer' }));
    await shown.user.click(screen.getByRole('button', { name: 'Make the invitation' }));
    expect(await screen.findByDisplayValue(asha.link ?? '')).toBeTruthy();
    expect(added).toHaveBeenCalledExactlyOnceWith({
      name: 'Asha Rao',
      email: 'asha@example.com',
      role: 'viewer',
      accountId: 'acme',
    });
  });

  it('gives no link to who can sign in already', async () => {
    added.mockResolvedValue({ ...asha, link: null, linkExpiresAt: null, invited: false });
    const shown = open('acme');
    await fill(shown);
    await shown.user.click(screen.getByRole('button', { name: 'Make the invitation' }));
    expect(await screen.findByText(/can sign in already/)).toBeTruthy();
    expect(screen.queryByLabelText('Link')).toBeNull();
  });

  it('makes operators of no account, and warns of what they may', async () => {
    const shown = open(null);
    expect(screen.getByText('Operators may do everything')).toBeTruthy();
    expect(screen.queryByRole('radio')).toBeNull();
    await fill(shown);
    await shown.user.click(screen.getByRole('button', { name: 'Make the invitation' }));
    await screen.findByDisplayValue(asha.link ?? '');
    expect(added).toHaveBeenCalledExactlyOnceWith({
      name: 'Asha Rao',
      email: 'asha@example.com',
      role: 'operator',
    });
  });
});
