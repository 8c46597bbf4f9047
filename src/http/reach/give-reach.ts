import type { FastifyRequest } from 'fastify';
import { type App, callerOf } from '../app-types.ts';
import type { Services } from '../services.ts';
import type { SignInServices } from '../shared-services.ts';
import type { Reaches } from './create-reach.ts';

/** What handlers get instead of the stores. */
export function giveReach(app: App, reaches: Reaches): void {
  app.decorateRequest('reach', {
    getter(this: FastifyRequest) {
      return reaches.of(callerOf(this));
    },
  });
  app.decorateRequest('platform', {
    getter(this: FastifyRequest) {
      return reaches.platformOf(callerOf(this));
    },
  });
}

/** What signing in gets, where there is no caller yet whose reach it could have. */
export function signInServices(services: Services, reaches: Reaches): SignInServices {
  return {
    ...services,
    async accountOf(caller) {
      const reach = reaches.of(caller);
      return reach.kind === 'account' ? reach.record() : null;
    },
  };
}
