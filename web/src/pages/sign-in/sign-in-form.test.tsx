import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { type Session, signIn } from '../../api/session.ts';
import { renderPiece } from '../../testing/render.tsx';
import { inWords, SignInForm } from './sign-in-form.tsx';

vi.mock('../../api/session.ts', () => ({ signIn: vi.fn() }));
const asked = vi.mocked(signIn);

function refusal(status: number, code: string, retryAfter: number | null = null) {
  return new ApiError({ status, code, title: code, detail: 'No.' }, retryAfter);
}

async function fill(user: ReturnType<typeof renderPiece>['user']) {
  await user.type(screen.getByLabelText('E-mail address'), 'ann@example.com');
  await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}');
}

describe('the sign-in form', () => {
  beforeEach(() => void asked.mockReset());
  afterEach(() => void vi.useRealTimers());

  it('hands on who is signed in, by Enter', async () => {
    const session = { signedIn: true } as Session;
    asked.mockResolvedValue(session);
    const onSignedIn = vi.fn();
    const { user } = renderPiece(<SignInForm onSignedIn={onSignedIn} />);
    await fill(user);
    await waitFor(() => expect(onSignedIn).toHaveBeenCalledExactlyOnceWith(session));
    expect(asked).toHaveBeenCalledExactlyOnceWith({
      email: 'ann@example.com',
      password: 'correct horse battery',
    });
  });

  it('asks the gateway nothing while something is missing, and says what', async () => {
    const { user } = renderPiece(<SignInForm onSignedIn={vi.fn()} />);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(screen.getByText('Type your e-mail address.')).toBeTruthy();
    expect(screen.getByText('Type your password.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('E-mail address'));
    expect(asked).not.toHaveBeenCalled();
  });

  it('does not say which of the two is wrong', async () => {
    asked.mockRejectedValue(refusal(401, 'invalid_credentials'));
    const { user } = renderPiece(<SignInForm onSignedIn={vi.fn()} />);
    await fill(user);
    expect((await screen.findByRole('alert')).textContent).toBe(
      'The e-mail address or the password is wrong.',
    );
  });

  it('says when to try again after too many attempts, and offers it then', async () => {
    asked.mockRejectedValue(refusal(429, 'too_many_attempts', 42));
    const { user } = renderPiece(<SignInForm onSignedIn={vi.fn()} />);
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    await fill(user);
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in 42 seconds.');
    expect(button.disabled).toBe(true);
    act(() => void vi.advanceTimersByTime(42_000));
    expect(screen.getByRole('alert').textContent).toContain('You can try again now.');
    expect(button.disabled).toBe(false);
  });

  it('tells a time in words that one can wait for', () => {
    expect([1, 42, 99, 100, 3_600].map(inWords)).toEqual([
      '1 second',
      '42 seconds',
      '99 seconds',
      '2 minutes',
      '60 minutes',
    ]);
  });
});
