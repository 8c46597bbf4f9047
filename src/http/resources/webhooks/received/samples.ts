import { productIds, products } from '../../../../core/products/index.ts';
import type { Product, SampleEvent } from '../../../../core/products/product.ts';
import type { WebhookConfig } from '../../../../core/webhook.ts';
import { compileWebhook } from '../../../../rendering/compile.ts';
import { renderBatch, renderRequest } from '../../../../rendering/render.ts';
import type { RenderedRequest } from '../../../../rendering/request.ts';
import { parseWebhookConfig } from '../input/parse.ts';
import type { Received } from './forms.ts';
import { exampleEvent, exampleSigning } from './request-frame.ts';
import { exampleNames } from './schemas.ts';

interface Sample {
  readonly name: string;
  readonly made: RenderedRequest;
}

/** Requests that the renderer makes of the products' sample events; of a list one for each product. */
export function samplesOf(form: Received): Sample[] {
  return productIds.flatMap((id) => {
    const product = products[id];
    const samples = product.samples[form.reportType];
    if (!samples) return [];
    const config = configOf(product, form);
    if (form.isList) {
      return [{ name: `${product.label}, batch`, made: listOf(config, samples.slice(0, 2)) }];
    }
    return samples.map((sample) => ({
      name: `${product.label}, ${sample.name}`,
      made: renderRequest(compileWebhook(config), exampleEvent(sample), exampleSigning),
    }));
  });
}

/**
 * OpenAPI's examples are the values that the schema speaks of, not their bytes. An XML document has the values of the
 * form, as its elements.
 */
export function examplesOf(form: Received): object {
  if (form.method === 'XML') return xmlExamples(form);
  return examplesFrom(samplesOf(form), ({ body }) =>
    form.method === 'JSON' ? JSON.parse(body ?? '') : formValues(body),
  );
}

function xmlExamples(form: Received): object {
  const samples = samplesOf({ ...form, method: 'POST', isList: false });
  if (!form.isList) return examplesFrom(samples, ({ body }) => formValues(body));
  const reports = samples.slice(0, 2).map(({ made }) => formValues(made.body));
  return { batch: { summary: 'batch', value: { [form.reportType]: reports } } };
}

function examplesFrom(samples: readonly Sample[], valueIn: (made: RenderedRequest) => unknown): object {
  return Object.fromEntries(
    samples.map(({ name, made }) => [
      name.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase(),
      { summary: name, value: valueIn(made) },
    ]),
  );
}

function formValues(body: string | null): object {
  return Object.fromEntries(new URLSearchParams(body ?? ''));
}

/** The body, or of GET the path with its query. */
export function wireOf({ path, body }: RenderedRequest): string {
  return body ?? path;
}

function configOf(product: Product, { reportType, method, moFormat }: Received): WebhookConfig {
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
