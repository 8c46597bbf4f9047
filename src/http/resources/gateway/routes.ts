import type { App } from '../../app-types.ts';
import type { SharedServices } from '../../shared-services.ts';
import { gatewayHealth } from './schema.ts';
import { gatewayView } from './view.ts';

/** How the whole gateway is doing. */
export function routeGateway(app: App, services: SharedServices): void {
  app.get(
    '/v1/gateway',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'getGateway',
        summary: 'Tell how the gateway is doing',
        description: 'Cheap enough to be asked every few seconds.',
        tags: ['Operations'],
        response: { 200: gatewayHealth },
      },
    },
    async () =>
      gatewayView({ version: services.version, ...services.readiness() }, await services.overview()),
  );
}
