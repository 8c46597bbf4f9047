import { hookwire, operationalTypes } from '../../../../core/products/hookwire.ts';
import { compileWebhook } from '../../../../rendering/compile.ts';
import { renderRequest } from '../../../../rendering/render.ts';
import { receivedTag } from '../../../openapi/document.ts';
import { parseWebhookConfig } from '../input/parse.ts';
import { endpointAnswers, exampleEvent, exampleSigning, signatureHeaders } from './request-frame.ts';

/** OpenAPI's entries for operational events, with an example of each type. */
export function receivedOperations(): Record<string, object> {
  return {
    operationsJson: { post: operation('receiveOperationsJson', 'Operational event', event, examples()) },
    operationsJsonList: {
      post: operation('receiveOperationsJsonList', 'Operational events, as a list', list, listExamples()),
    },
  };
}

function operation(operationId: string, summary: string, schema: object, shown: object): object {
  return {
    operationId,
    summary: `${summary}, method JSON`,
    description:
      "What the gateway reports of itself, to webhooks with the product `hookwire`: those of the webhook's account, or of " +
      'every account where the webhook belongs to the account `operator`. Custom parameters stand behind `data`. With ' +
      '`settings.batch` every request has a JSON array of these objects, also with one event.',
    tags: [receivedTag],
    security: [],
    parameters: signatureHeaders,
    requestBody: { required: true, content: { 'application/json': { schema, examples: shown } } },
    responses: endpointAnswers,
  };
}

const text = { type: 'string' };
const nullableText = { type: ['string', 'null'] };
const instant = { type: 'string', format: 'date-time' };

const event = {
  type: 'object',
  description: 'In the form of Standard Webhooks.',
  properties: {
    type: { type: 'string', enum: [...operationalTypes] },
    timestamp: { ...instant, description: 'When it happened.' },
    data: {
      type: 'object',
      description: 'The webhook that it is about; what is more depends on the type.',
      properties: {
        accountId: text,
        webhookId: text,
        url: { ...text, description: 'Of the webhook, without its query.' },
        product: text,
        reportType: text,
        since: { type: ['string', 'null'], format: 'date-time', description: 'The first failure.' },
        reason: {
          ...text,
          description:
            'Disabled: `failing` or `gone` (410). Given up: `attempts_exhausted` or `gave_up_after`.',
        },
        deliveryId: text,
        eventId: text,
        messageId: text,
        transactionId: nullableText,
        attempts: { type: 'integer' },
        statusCode: { type: ['integer', 'null'], description: 'Of the last attempt.' },
        errorClass: { ...nullableText, description: 'Of the last attempt.' },
        acceptedAt: instant,
      },
      required: ['accountId', 'webhookId', 'url', 'product', 'reportType'],
    },
  },
  required: ['type', 'timestamp', 'data'],
};

const list = { type: 'array', items: event, minItems: 1 };

function listExamples(): object {
  const values = Object.values(examples()).map(({ value }) => value);
  return { batch: { summary: 'batch', value: values.slice(0, 2) } };
}

function examples(): Record<string, { summary: string; value: unknown }> {
  const parsed = parseWebhookConfig({
    product: hookwire.id,
    reportType: 'operations',
    method: 'JSON',
    url: 'https://example.com/hook',
  });
  if ('errors' in parsed) throw new Error(`The example is not valid: ${JSON.stringify(parsed.errors)}`);
  const compiled = compileWebhook(parsed.config);
  return Object.fromEntries(
    (hookwire.samples.operations ?? []).map((sample) => {
      const { body } = renderRequest(compiled, exampleEvent(sample), exampleSigning);
      return [sample.name, { summary: sample.name, value: JSON.parse(body ?? '') }];
    }),
  );
}
