import { HookwireError } from '../../../../core/errors.ts';
import { renderAgain } from '../../../../history/sent-request.ts';
import { requireContents } from '../../../answers/contents-gone.ts';
import { maskForViewer } from '../../../answers/mask-for-viewer.ts';
import { notFound } from '../../../answers/not-found.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import type { SharedServices } from '../../../shared-services.ts';
import { attemptParams, sentRequest } from './schema.ts';
import { sentRequestView } from './view.ts';

/** The request of an attempt. */
export function routeSentRequest(app: App, { clock }: Pick<SharedServices, 'clock'>): void {
  app.get(
    '/v1/deliveries/:id/attempts/:number/request',
    {
      config: { access: 'deliveries:read', idOf: 'delivery', errors: ['conflict'] },
      schema: {
        operationId: 'getSentRequest',
        summary: 'Get the request of an attempt',
        description:
          'Made again from the event and from the webhook in the version that the attempt names. Header values that its ' +
          'owner set are masked. Where the contents of the event are gone it cannot be made: `conflict`.',
        tags: ['Deliveries'],
        params: attemptParams,
        response: { 200: sentRequest },
      },
    },
    async (request) => {
      const { id, number } = request.params;
      const found = await request.reach.deliveries.find(id);
      const { delivery, keptUntil, webhookVersion, secretHistory } = found;
      const attempt = delivery.attemptLog.find((each) => each.number === number);
      if (!attempt) throw notFound('attempt', `${id}/${number}`);
      if (attempt.errorClass === 'render') {
        const detail = attempt.errorDetail ?? 'The request could not be made.';
        // Errors are not masked with the answers.
        const shown = callerOf(request).masksNumbers ? maskForViewer(detail, delivery.event) : detail;
        throw new HookwireError('conflict', shown);
      }
      requireContents(
        { event: delivery.event, keptUntil, now: clock.now() },
        'The request cannot be made again.',
      );
      const [config, secrets] = await Promise.all([webhookVersion(attempt.webhookVersion), secretHistory()]);
      if (!config) throw notFound('webhook', delivery.webhookId);
      return sentRequestView(renderAgain({ delivery, attempt, config, secrets }), config.customHeaders);
    },
  );
}
