import type { ReportType } from '../../../../core/products/product.ts';
import { type MoFormat, type SendMethod, sendMethods } from '../../../../core/webhook.ts';

/** What comes in from outside: operational events have their own description. */
export type ReceivedType = Exclude<ReportType, 'operations'>;

/** A form in which an endpoint can get a report. */
export interface Received {
  /** "moJsonFlatList" */
  readonly name: string;
  readonly reportType: ReceivedType;
  readonly method: SendMethod;
  /** Of inbound messages by JSON, where there are two. */
  readonly moFormat: MoFormat | null;
  /** Several reports in one request. */
  readonly isList: boolean;
}

export const titles: Record<ReceivedType, string> = { dlr: 'Delivery report', mo: 'Inbound message' };
export const forms: Record<SendMethod, string> = {
  GET: 'query string',
  POST: 'form',
  JSON: 'JSON object',
  XML: 'XML document',
};

/** All forms: by report type, method, format and whether it is a list. */
export const receivedForms: readonly Received[] = (['dlr', 'mo'] as const).flatMap((reportType) =>
  sendMethods.flatMap((method) =>
    moFormatsOf(reportType, method).flatMap((moFormat) =>
      (method === 'JSON' || method === 'XML' ? [false, true] : [false]).map((isList) => ({
        name: nameOf(reportType, method, moFormat, isList),
        reportType,
        method,
        moFormat,
        isList,
      })),
    ),
  ),
);

function moFormatsOf(reportType: ReceivedType, method: SendMethod): readonly (MoFormat | null)[] {
  return reportType === 'mo' && method === 'JSON' ? ['whatsapp', 'flat'] : [null];
}

function nameOf(reportType: ReceivedType, method: SendMethod, moFormat: MoFormat | null, isList: boolean) {
  const ofMethod = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  return `${reportType}${ofMethod}${moFormat === 'flat' ? 'Flat' : ''}${isList ? 'List' : ''}`;
}
