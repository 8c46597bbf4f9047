import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPiece } from '../../testing/render.tsx';
import { EgressPanel } from './egress-panel.tsx';

describe('the ways out', () => {
  it('are direct, to what public authorities vouch for', () => {
    renderPiece(<EgressPanel egress={{ proxy: null, authorities: null }} />);
    expect(screen.getByText('Every connection is direct.')).toBeDefined();
    expect(screen.getByText(/public authorities are trusted, and no others/)).toBeDefined();
  });

  it('are a proxy that fails, with its reason, and private authorities', () => {
    const at = '2026-11-22T10:00:00.000Z';
    renderPiece(
      <EgressPanel
        egress={{
          proxy: {
            url: 'http://proxy.example:3128',
            authenticates: true,
            except: ['10.0.0.0/8', '*.inside.example'],
            state: 'fails',
            workedAt: null,
            trouble: {
              class: 'authentication',
              detail: 'It wants another password (407).',
              since: at,
              lastAt: at,
            },
          },
          authorities: {
            file: '/etc/ca.pem',
            count: 1,
            certificates: [{ subject: 'CN=Acme', expiresAt: at }],
          },
        }}
      />,
    );
    expect(screen.getByRole('alert').textContent).toContain('It wants another password (407).');
    expect(screen.getByText('http://proxy.example:3128')).toBeDefined();
    expect(screen.getByText('10.0.0.0/8, *.inside.example')).toBeDefined();
    expect(screen.getByText(/CN=Acme/)).toBeDefined();
  });
});
