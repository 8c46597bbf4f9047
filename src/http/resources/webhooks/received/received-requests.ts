import { receivedTag } from '../../../openapi/document.ts';
import { forms, type Received, receivedForms, titles } from './forms.ts';
import { receivedOperations } from './operations.ts';
import { endpointAnswers, signatureHeaders } from './request-frame.ts';
import { examplesOf, samplesOf, wireOf } from './samples.ts';
import { schemaOf, sentNames } from './schemas.ts';

/**
 * OpenAPI's `webhooks`: what endpoints receive, an entry for each form that it can have. Schemas stand in them whole:
 * generators drop what no call of the API refers to, and would then miss it. The examples are made by the renderer that
 * makes the real requests.
 */
export function receivedRequests(): Record<string, object> {
  const requests = receivedForms.map((form) => [
    form.name,
    { [form.method === 'GET' ? 'get' : 'post']: operation(form) },
  ]);
  return { ...Object.fromEntries(requests), ...receivedOperations() };
}

const mediaTypes = {
  POST: 'application/x-www-form-urlencoded',
  JSON: 'application/json',
  XML: 'application/xml',
} as const;

function operation(form: Received): object {
  const { name, reportType, method, isList, moFormat } = form;
  const common = {
    operationId: `receive${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    summary: `${titles[reportType]}, method ${method}${moFormat === 'flat' ? ', flat' : ''}${isList ? ', as a list' : ''}`,
    description: [
      `${titles[reportType]} as ${forms[method]}.`,
      ...(isList ? [listWords[method === 'XML' ? 'XML' : 'JSON']] : []),
      reportType === 'dlr' ? dlrWords : moFormat === 'whatsapp' ? metaWords : moWords,
      wireWords(form),
    ].join(' '),
    tags: [receivedTag],
    security: [],
    responses: endpointAnswers,
  };
  if (method === 'GET') {
    return { ...common, parameters: [...signatureHeaders, ...queryParameters(form)] };
  }
  const content = { schema: schemaOf(form), examples: examplesOf(form) };
  return {
    ...common,
    parameters: signatureHeaders,
    requestBody: { required: true, content: { [mediaTypes[method]]: content } },
  };
}

const dlrWords =
  'The names are those that the webhook gives (here the example names), in the order of its form, then its custom ' +
  'parameters. What is not known is sent empty, in JSON as `null`.';
const moWords =
  'Of the names below those that the message has, then the custom parameters; `message`, the whole of it, as ' +
  '`settings.moMessage` says (unless told not by GET).';
const metaWords =
  "Meta's `value` object, the custom parameters beside its own names; `settings.moFormat` chooses between it and the flat form.";
const listWords = {
  JSON: 'With `settings.batch` every request has a JSON array, also with one report.',
  XML: 'With `settings.batch` every request has the elements under `<dlrs>` or `<mos>`, also with one report.',
};

/** The bytes of a sample, which the examples cannot show. */
function wireWords(form: Received): string {
  const [first] = samplesOf(form);
  return first ? `\n\n${first.name}, on the wire:\n\n\`\`\`text\n${wireOf(first.made)}\n\`\`\`` : '';
}

/** Each name is a parameter of its own, added to what the webhook's URL has already. */
function queryParameters({ reportType }: Received): object[] {
  return sentNames(reportType).map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
}
