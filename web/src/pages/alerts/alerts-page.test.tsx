import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../session/session.ts';
import { playGateway } from '../../testing/fake-gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { AlertsPage } from './alerts-page.tsx';

const alerts = webhookOf({
  ...{ id: 'wh_ops', product: 'hookwire', reportType: 'operations', url: 'https://a.example/alerts' },
  parameterNames: {},
});
const stats = {
  ...{ from: '2026-11-21T10:00:00.000Z', to: '2026-11-22T10:00:00.000Z' },
  ...{ bucketMs: 3_600_000, data: [] },
};
const page = (...data: unknown[]) => ({ data, nextCursor: null });

function open(role: Role = 'developer') {
  return renderPage({
    ...{ path: '/a/$accountId/alerts', at: '/a/acc_1/alerts', page: AlertsPage, role },
  });
}

describe('Alerts', () => {
  it('lists the webhooks for alerts alone, and leads to the form for one more', async () => {
    const { calls } = playGateway({ 'GET /v1/webhooks': page(alerts), 'GET /v1/stats': stats });
    await open();
    expect(await screen.findByText('https://a.example/alerts')).toBeTruthy();
    expect(calls.find(({ what }) => what === 'GET /v1/webhooks')?.search.product).toBe('hookwire');
    const add = screen.getByRole('link', { name: 'Add alert webhook' });
    expect(add.getAttribute('href')).toBe('/a/acc_1/alerts/new');
  });

  it('says what they are for where there are none, and whom to ask', async () => {
    playGateway({ 'GET /v1/webhooks': page(), 'GET /v1/stats': stats });
    await open('viewer');
    expect(await screen.findByText('No alerts yet')).toBeTruthy();
    expect(screen.getByText(/Ask an owner or a developer/)).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Add alert webhook' })).toBeNull();
  });
});
