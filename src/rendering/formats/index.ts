import type { ReportType } from '../../core/products/product.ts';
import type { SendMethod } from '../../core/webhook.ts';
import { formFormat } from './form.ts';
import type { Format } from './format.ts';
import { getFormat } from './get.ts';
import { jsonFormat } from './json.ts';
import { xmlFormats } from './xml.ts';

/** The format that a webhook's method and report type ask for. Operational events are JSON. */
export function formatFor(method: SendMethod, reportType: ReportType): Format {
  if (reportType === 'operations') return jsonFormat;
  switch (method) {
    case 'GET':
      return getFormat;
    case 'POST':
      return formFormat;
    case 'JSON':
      return jsonFormat;
    case 'XML':
      return xmlFormats[reportType];
  }
}
