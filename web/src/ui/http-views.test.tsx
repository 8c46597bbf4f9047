import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPiece } from '../testing/render.tsx';
import { RequestView, sizeOf } from './request-view.tsx';
import { duration, ResponseView } from './response-view.tsx';

const request = {
  method: 'POST',
  url: 'https://example.com/dlr?a=1&a=2',
  headers: [
    ['x-twice', '1'],
    ['x-twice', '2'],
  ],
  body: '{"id":81934341034091431234}',
};

describe('RequestView', () => {
  it('shows line, headers and body exactly, with every digit', () => {
    renderPiece(<RequestView request={request} />);
    expect(screen.getByText('https://example.com/dlr?a=1&a=2')).toBeDefined();
    expect(screen.getAllByText('x-twice')).toHaveLength(2);
    expect(screen.getByRole('region', { name: 'Body of the request' }).textContent).toBe(request.body);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says where it is not exactly what was sent', () => {
    renderPiece(<RequestView request={request} exact={false} note="The secret was changed since." />);
    expect(screen.getByText('Not exactly as it was sent')).toBeDefined();
    expect(screen.getByText('The secret was changed since.')).toBeDefined();
  });

  it('counts the bytes of a body as they travel', () => {
    expect(sizeOf('🙂')).toBe('4 bytes');
    expect(sizeOf('a')).toBe('1 byte');
  });
});

describe('ResponseView', () => {
  it('never takes the text of an endpoint for markup', () => {
    const body = '<img src=x onerror=alert(1)>';
    const { container } = renderPiece(
      <ResponseView statusCode={200} durationMs={12} body={body} failure={null} />,
    );
    expect(screen.getByRole('region', { name: 'Body of the answer' }).textContent).toBe(body);
    expect(container.querySelector('img')).toBeNull();
  });

  it('says what went wrong and what to do about it', () => {
    const failure = { class: 'refused', title: 'Nothing listens', advice: 'Start it.', detail: 'refused' };
    renderPiece(<ResponseView statusCode={null} durationMs={3} body={null} failure={failure} />);
    expect(screen.getByText('No answer')).toBeDefined();
    expect(screen.getByRole('alert').textContent).toContain('Start it.');
  });

  it.each([
    [0.42, '0.4 ms'],
    [85, '85 ms'],
    [1_240, '1.2 s'],
    [65_000, '1 min 5 s'],
    [120_000, '2 min'],
  ])('writes %s ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
