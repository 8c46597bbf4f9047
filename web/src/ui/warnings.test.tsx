import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPiece } from '../testing/render.tsx';
import { Warnings } from './warnings.tsx';

describe('what is doubtful about a webhook', () => {
  it('names its places as the form does', () => {
    renderPiece(
      <Warnings
        warnings={[
          {
            code: 'not_valid_any_more',
            path: 'customHeaders[1].name',
            message: '"X-A" is the name of customHeaders[0].name already.',
          },
          { code: 'name_in_query', path: 'parameterNames.messageId', message: '"mid" is sent twice.' },
        ]}
      />,
    );
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Custom header 2, name: "X-A" is the name of custom header 1, name already.',
      '"mid" is sent twice.',
    ]);
  });
});
