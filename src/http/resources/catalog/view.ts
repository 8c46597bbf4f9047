import { errorClasses } from '../../../core/delivery.ts';
import { errorAdvice } from '../../../core/error-advice.ts';
import { productIds, products } from '../../../core/products/index.ts';
import type { Product, ReportType, SampleEvent } from '../../../core/products/product.ts';
import { mobileFormats, moFormats, type SendMethod, timeFormats } from '../../../core/webhook.ts';
import {
  methodWords,
  mobileFormatWords,
  moFormatWords,
  reportTypeWords,
  timeFormatWords,
  type Words,
} from '../../../core/words.ts';
import { reportView } from '../../shapes/event.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import { methodsOf } from '../webhooks/input/product.ts';
import { bounds, most, mostMessages } from '../webhooks/input/schema.ts';
import { completeSettings, moFormatOf, moMessageOf } from '../webhooks/input/settings.ts';
import type { catalog, product, reportType, sample } from './schema.ts';

const methods = Object.keys(methodWords) as SendMethod[];

/** Everything that a form for webhooks needs to know, from the descriptions that check what it sends. */
export function catalogView(): ViewOf<typeof catalog> {
  return {
    methods: methods.map((id) => ({
      id,
      ...methodWords[id],
      moFormat: moFormatOf(id),
      moMessage: moMessageOf(id),
    })),
    products: productIds.map((id) => productView(products[id])),
    settings: { defaults: defaults(), limits: limits(), choices: choices() },
    errorClasses: errorClasses.map((id) => ({ id, ...errorAdvice[id] })),
  };
}

function productView(known: Product): ViewOf<typeof product> {
  const { id, label, kind, identity, reportTypes } = known;
  return {
    id,
    name: label,
    audience: kind === 'operations' ? 'operations' : 'everybody',
    hasNumber: identity !== null,
    numberLabel: identity?.label ?? null,
    numberPattern: identity?.pattern.source ?? null,
    numberShape: identity?.shape ?? null,
    reportTypes: reportTypes.map((type) => reportTypeView(known, type)),
  };
}

function reportTypeView(product: Product, type: ReportType): ViewOf<typeof reportType> {
  const fields = type === 'dlr' ? product.fields : [];
  return {
    id: type,
    ...reportTypeWords[type],
    methods: methods.filter((id) => methodsOf(product).includes(id)),
    fields: fields.map(({ field, label, required, exampleName, description }) => ({
      name: field,
      label,
      required,
      example: exampleName,
      description,
    })),
    samples: (product.samples[type] ?? []).map(sampleView),
    statuses: type === 'mo' ? null : product.statuses,
  };
}

function sampleView({ name, title, event }: SampleEvent): ViewOf<typeof sample> {
  return { name, title, event: reportView(event) };
}

/** Without those of inbound messages, whose defaults are the method's. */
function defaults() {
  const { moFormat: _moFormat, moMessage: _moMessage, ...settings } = completeSettings({}, 'JSON');
  return settings;
}

function limits() {
  const { timeoutMs, maxConcurrency, ratePerSecond, maxAttempts, giveUpAfterMs } = bounds;
  return {
    timeoutMs: rangeOf(timeoutMs),
    maxConcurrency: rangeOf(maxConcurrency),
    ratePerSecond: rangeOf(ratePerSecond),
    maxAttempts: rangeOf(maxAttempts),
    giveUpAfterMs: rangeOf(giveUpAfterMs),
    batchMaxItems: rangeOf(bounds.batchMaxItems),
    batchMaxItemsOfMo: { ...rangeOf(bounds.batchMaxItems), maximum: mostMessages },
    batchMaxWaitMs: rangeOf(bounds.batchMaxWaitMs),
    batchMaxBytes: rangeOf(bounds.batchMaxBytes),
    ...most,
  };
}

function rangeOf({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) {
  return { minimum, maximum };
}

function choices() {
  return {
    timeFormat: timeFormats.map((id) => choice(id, timeFormatWords[id])),
    mobileFormat: mobileFormats.map((id) => choice(id, mobileFormatWords[id])),
    moFormat: moFormats.map((id) => choice(id, moFormatWords[id])),
  };
}

function choice<Id extends string>(id: Id, words: Words) {
  return { id, ...words };
}
