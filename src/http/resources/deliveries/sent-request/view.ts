import type { NameAndValue } from '../../../../core/webhook.ts';
import type { SentRequest } from '../../../../history/sent-request.ts';
import type { ViewOf } from '../../../shapes/view-of.ts';
import { maskRequestHeaders } from '../../webhooks/header-mask.ts';
import type { sentRequest } from './schema.ts';

/** The request of an attempt, in the form of a preview; the values of the owner's headers are masked. */
export function sentRequestView(
  { request, exact, note }: SentRequest,
  custom: readonly NameAndValue[],
): ViewOf<typeof sentRequest> {
  const { method, origin, path, headers, body } = request;
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) pairs.push([headers[i] ?? '', headers[i + 1] ?? '']);
  return { method, url: origin + path, headers: maskRequestHeaders(pairs, custom), body, exact, note };
}
