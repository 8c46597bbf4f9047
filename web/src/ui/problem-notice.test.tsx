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
  it('says what the gateway says, with the fields that are wrong', () => {
    renderPiece(<ProblemNotice error={new ApiError(invalid)} />);
    expect(screen.getByRole('alert').textContent).toContain('One field is wrong.');
    expect(screen.getByRole('listitem').textContent).toBe('url must be an http or https URL.');
  });

  it('tries again when asked', async () => {
    const onRetry = vi.fn();
    const { user } = renderPiece(<ProblemNotice error={new ApiError(unreachable)} onRetry={onRetry} />);
    expect(screen.getByRole('alert').textContent).toContain('The gateway does not answer.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledOnce();
  });
});
