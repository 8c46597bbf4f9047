import { products } from '../../../../core/products/index.ts';
import { type DlrField, dlrFields, type Product } from '../../../../core/products/product.ts';
import { flatMoNames } from '../../../../rendering/mo-flat.ts';
import { inboundMessage } from '../../events/schema.ts';
import type { Received, ReceivedType } from './forms.ts';

/** The body that an endpoint gets; of a GET there is none. */
export function schemaOf(form: Received): object {
  const { reportType, method, isList } = form;
  const one = reportSchema(form);
  if (!isList) return method === 'XML' ? { ...one, xml: { name: reportType } } : one;
  const list = { type: 'array', items: one, minItems: 1 };
  if (method === 'JSON') return list;
  return {
    type: 'object',
    properties: { [reportType]: list },
    required: [reportType],
    xml: { name: `${reportType}s` },
  };
}

/** The names that a report is sent with: of delivery reports example names, since the webhook chooses them. */
export function sentNames(reportType: ReceivedType): readonly string[] {
  return reportType === 'dlr' ? Object.values(exampleNames(products.whatsapp)) : flatMoNames;
}

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
/** Without a type: of one that is text or number, generators make nothing. */
const time = { description: 'Text, or a number where the webhook asks for epoch times; `null`: not known.' };
const times: ReadonlySet<string> = new Set<DlrField>(['receivedTime', 'deliveredTime', 'readTime']);

function reportSchema({ reportType, method, moFormat }: Received): object {
  if (moFormat === 'whatsapp') return metaValue;
  if (reportType === 'mo') {
    const value = (name: string) => (method === 'JSON' ? (moValues[name] ?? text) : text);
    return objectOf(flatMoNames.map((name) => [name, value(name)]));
  }
  const value = (field: string) => (method !== 'JSON' ? text : times.has(field) ? time : textOrNull);
  const names = Object.entries(exampleNames(products.whatsapp));
  return objectOf(names.map(([field, name]) => [name, value(field)]));
}

/** Open: custom parameters stand beside these. */
function objectOf(fields: [string, object][]): object {
  return { type: 'object', properties: Object.fromEntries(fields) };
}

const moValues: Readonly<Record<string, object>> = { receivedTime: time, message: inboundMessage };

const metaValue = {
  type: 'object',
  description: "Meta's `value` object.",
  properties: {
    messaging_product: { type: 'string', enum: ['whatsapp'] },
    metadata: { type: 'object' },
    contacts: { type: 'array', items: { type: 'object' } },
    messages: { type: 'array', items: { type: 'object' } },
  },
  required: ['messaging_product', 'metadata', 'messages'],
};

/** A name for each field that the product has, such as an endpoint could expect. */
export function exampleNames(product: Product): Record<string, string> {
  return Object.fromEntries(
    dlrFields.flatMap((name) =>
      product.fields
        .filter(({ field }) => field === name)
        .map(({ field, exampleName }) => [field, exampleName]),
    ),
  );
}
