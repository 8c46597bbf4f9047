import { productIds, products } from '../../core/products/index.ts';
import {
  type ReportType as AnyReportType,
  dlrFields,
  type Product,
  type SampleEvent,
} from '../../core/products/product.ts';
import { type MoFormat, type SendMethod, sendMethods, type WebhookConfig } from '../../core/webhook.ts';
import { compileWebhook } from '../../rendering/compile.ts';
import { flatMoNames } from '../../rendering/mo-flat.ts';
import { renderBatch, renderRequest } from '../../rendering/render.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { parseWebhookConfig } from '../webhook-input/parse.ts';
import { receivedOperations } from './received-operations.ts';
import { endpointAnswers, exampleEvent, exampleSigning, signatureHeaders } from './request-frame.ts';

/**
 * OpenAPI's `webhooks`: what endpoints receive, per report type and method. The examples are made by the renderer that
 * makes the real requests.
 */
export function receivedRequests(): Record<string, object> {
  const requests: Record<string, object> = {};
  for (const reportType of ['dlr', 'mo'] as const) {
    for (const method of sendMethods) {
      const verb = method === 'GET' ? 'get' : 'post';
      requests[`${reportType}${method.charAt(0)}${method.slice(1).toLowerCase()}`] = {
        [verb]: operation(reportType, method),
      };
    }
  }
  requests.operationsJson = { post: receivedOperations() };
  return requests;
}

type ReportType = Exclude<AnyReportType, 'operations'>;

const mediaTypes = {
  POST: 'application/x-www-form-urlencoded',
  JSON: 'application/json',
  XML: 'application/xml',
} as const;

const titles: Record<ReportType, string> = { dlr: 'Delivery report', mo: 'Inbound message' };
const forms: Record<SendMethod, string> = {
  GET: 'query string',
  POST: 'form',
  JSON: 'JSON object',
  XML: 'XML document',
};

function operation(reportType: ReportType, method: SendMethod): object {
  const schema = schemaOf(reportType, method);
  const common = {
    operationId: `receive${reportType === 'dlr' ? 'Dlr' : 'Mo'}${method.charAt(0)}${method.slice(1).toLowerCase()}`,
    summary: `${titles[reportType]}, method ${method}`,
    description: [
      `${titles[reportType]} as ${forms[method]}.`,
      reportType === 'dlr' ? dlrWords : moWords,
      ...(method === 'JSON' || method === 'XML' ? [listWords] : []),
    ].join(' '),
    tags: ['Webhooks'],
    security: [],
    responses: endpointAnswers,
  };
  if (method === 'GET')
    return { ...common, parameters: [...signatureHeaders, queryParameter(reportType, schema)] };
  return {
    ...common,
    parameters: signatureHeaders,
    requestBody: {
      required: true,
      content: {
        [mediaTypes[method]]: {
          schema,
          examples: examplesOf(reportType, method, (made) => body(made, method)),
        },
      },
    },
  };
}

const dlrWords =
  'The names are those that the webhook gives (here the example names), in the order of its form, then its custom ' +
  'parameters. What is not known is sent empty, in JSON as `null`.';
const moWords =
  'Of the names below those that the message has, then the custom parameters; `message`, the whole of it, as ' +
  '`settings.moMessage` says (unless told not by GET). JSON carries, unless the webhook asks ' +
  "for `moFormat: flat`, Meta's `value` object instead.";
const listWords =
  'With `settings.batch` every request has a list, also with one report: a JSON array of these objects, or these ' +
  'elements under `<dlrs>` or `<mos>`.';

function queryParameter(reportType: ReportType, schema: object): object {
  return {
    name: 'report',
    in: 'query',
    description: "Each name is a query parameter of its own, added to what the webhook's URL already has.",
    style: 'form',
    explode: true,
    schema,
    examples: examplesOf(reportType, 'GET', (made) =>
      Object.fromEntries(new URLSearchParams(made.path.slice(made.path.indexOf('?') + 1))),
    ),
  };
}

function schemaOf(reportType: ReportType, method: SendMethod): object {
  const value = { type: method === 'JSON' ? ['string', 'number', 'null'] : 'string' };
  const flat = (names: readonly string[], xmlRoot: string) => ({
    type: 'object',
    properties: Object.fromEntries(
      names.map((name) => [name, name === 'message' && method === 'JSON' ? { type: 'object' } : value]),
    ),
    additionalProperties: value,
    ...(method === 'XML' ? { xml: { name: xmlRoot } } : {}),
  });
  if (reportType === 'dlr') {
    return orList(flat(Object.values(exampleNames(products.whatsapp)), 'dlr'), reportType, method);
  }
  const flatMo = flat(flatMoNames, 'mo');
  return orList(method === 'JSON' ? { anyOf: [metaValue, flatMo] } : flatMo, reportType, method);
}

/** One report, or the list of them that `settings.batch` makes. */
function orList(one: object, reportType: ReportType, method: SendMethod): object {
  if (method === 'JSON') return { oneOf: [one, { type: 'array', items: one, minItems: 1 }] };
  if (method !== 'XML') return one;
  const list = {
    type: 'object',
    properties: { [reportType]: { type: 'array', items: one, minItems: 1 } },
    required: [reportType],
    xml: { name: `${reportType}s` },
  };
  return { oneOf: [one, list] };
}

const metaValue = {
  type: 'object',
  description: "Meta's `value` object.",
  properties: {
    messaging_product: { const: 'whatsapp' },
    metadata: { type: 'object' },
    contacts: { type: 'array', items: { type: 'object' } },
    messages: { type: 'array', items: { type: 'object' } },
  },
  required: ['messaging_product', 'metadata', 'messages'],
  additionalProperties: true,
};

function exampleNames(product: Product): Record<string, string> {
  return Object.fromEntries(
    dlrFields.flatMap((name) =>
      product.fields
        .filter(({ field }) => field === name)
        .map(({ field, exampleName }) => [field, exampleName]),
    ),
  );
}

type Show = (made: RenderedRequest) => unknown;

function examplesOf(reportType: ReportType, method: SendMethod, show: Show): object {
  const examples: Record<string, object> = {};
  for (const id of productIds) {
    const product = products[id];
    const formats: (MoFormat | null)[] =
      reportType === 'mo' && method === 'JSON' ? ['whatsapp', 'flat'] : [null];
    const samples = product.samples[reportType];
    if (!samples) continue;
    for (const format of formats) {
      const config = configOf(product, reportType, method, format);
      const add = (what: string, made: RenderedRequest) => {
        const name = [product.label, what, format === 'flat' ? 'flat' : ''].filter(Boolean).join(', ');
        examples[name.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()] = { summary: name, value: show(made) };
      };
      for (const sample of samples) {
        add(sample.name, renderRequest(compileWebhook(config), exampleEvent(sample), exampleSigning));
      }
      if (method === 'JSON' || method === 'XML') add('batch', listOf(config, samples.slice(0, 2)));
    }
  }
  return examples;
}

function configOf(
  product: Product,
  reportType: ReportType,
  method: SendMethod,
  moFormat: MoFormat | null,
): WebhookConfig {
  const parsed = parseWebhookConfig({
    product: product.id,
    reportType,
    method,
    url: 'https://example.com/hook',
    ...(reportType === 'dlr' ? { parameterNames: exampleNames(product) } : {}),
    ...(moFormat ? { settings: { moFormat } } : {}),
  });
  if ('errors' in parsed) throw new Error(`The example is not valid: ${JSON.stringify(parsed.errors)}`);
  return parsed.config;
}

function listOf(config: WebhookConfig, samples: readonly SampleEvent[]): RenderedRequest {
  const settings = { ...config.settings, batch: { maxItems: 100, maxWaitMs: 1_000 } };
  return renderBatch(compileWebhook({ ...config, settings }), samples.map(exampleEvent), exampleSigning);
}

function body(made: RenderedRequest, method: SendMethod): unknown {
  const text = made.body ?? '';
  return method === 'JSON' ? JSON.parse(text) : text;
}
