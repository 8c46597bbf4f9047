import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from '../api/problem.ts';
import { renderPiece } from '../testing/render.tsx';
import { ProblemNotice } from './problem-notice.tsx';

const invalid = {
  status: 422,
  code: 'invalid_input',
  title: 'Invalid input',
  detail: 'One field is wrong.',
  errors: [{ path: 'url', message: 'must be an http or https URL.' }],
};

describe('ProblemNotice', () => {
  it('says what is wrong by what the fields are called', () => {
    renderPiece(<ProblemNotice error={new ApiError(invalid)} />);
    expect(screen.getByRole('alert').textContent).toContain('Something is not filled in as it must be.');
    expect(screen.getByRole('listitem').textContent).toBe(
      'Webhook (URL Endpoint) must be an http or https URL.',
    );
  });

  it('tries again when asked', async () => {
    const onRetry = vi.fn();
    const { user } = renderPiece(<ProblemNotice error={new ApiError(unreachable)} onRetry={onRetry} />);
    expect(screen.getByRole('alert').textContent).toContain('The gateway does not answer.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledOnce();
  });
});
