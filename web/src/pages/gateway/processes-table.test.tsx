import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { GatewayProcess } from '../../api/gateway.ts';
import { renderPiece } from '../../testing/render.tsx';
import { ProcessesTable } from './processes-table.tsx';

const one: GatewayProcess = {
  ...{ id: 'a', name: 'a.example.com:7', version: '1.2.3', node: 0, startedAt: '2026-11-22T10:00:00.000Z' },
  ...{ state: 'atWork', shards: 156, leads: true, isThis: true, inFlight: 12, queuedEvents: 0 },
};

describe('the gateways of a cluster', () => {
  it('are not shown where there is one', () => {
    renderPiece(<ProcessesTable processes={[one]} />);
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('are shown with their part of the work, and what is to be known of each', () => {
    const other: GatewayProcess = {
      ...{ ...one, id: 'b', name: 'b.example.com:9', version: '1.2.4', state: 'leaving', shards: 100 },
      ...{ leads: false, isThis: false, inFlight: null, queuedEvents: null },
    };
    renderPiece(<ProcessesTable processes={[one, other]} />);
    const [, first, second] = screen.getAllByRole('row');
    const texts = (row: HTMLElement | undefined) =>
      within(row as HTMLElement)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent);
    expect(first?.textContent).toContain('a.example.com:7answeredleads');
    expect(second?.textContent).toContain('b.example.com:9stoppingdoes not answer');
    expect(texts(first)).toEqual(['1.2.3', expect.any(String), '156 of 256', '12', '0']);
    expect(texts(second)).toEqual(['1.2.4', expect.any(String), '100 of 256', '–', '–']);
  });
});
