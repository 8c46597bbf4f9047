import { errorClasses } from '../../src/core/delivery.ts';
import { errorAdvice } from '../../src/core/error-advice.ts';
import { errorTable } from '../../src/core/errors.ts';
import { errorCodeMeanings } from './error-meanings.ts';
import { code, generatedFrom, table } from './markdown.ts';

/** `docs/reference/errors.md` */
export function errorsPage(): string {
  const codes = Object.entries(errorTable).map(([name, { status, title }]) => [
    code(name),
    String(status),
    title,
    errorCodeMeanings[name as keyof typeof errorTable],
  ]);
  const classes = errorClasses.map((name) => {
    const { title, advice } = errorAdvice[name];
    return [code(name), title, advice];
  });
  return `${generatedFrom('src/core/errors.ts and src/core/error-advice.ts')}# Errors

## What the API answers

Every error is \`application/problem+json\` (RFC 9457). Rely on \`code\`: it is stable, while \`title\` and \`detail\` are
words for people and may change. For input, \`errors\` names each wrong place by its path.

\`\`\`json
{
  "type": "urn:hookwire:error:invalid_input",
  "title": "${errorTable.invalid_input.title}",
  "status": ${errorTable.invalid_input.status},
  "code": "invalid_input",
  "detail": "customHeaders[1].name: belongs to the connection; choose another name",
  "errors": [{ "path": "customHeaders[1].name", "message": "belongs to the connection; choose another name" }]
}
\`\`\`

${table(['code', 'status', 'title', 'what to do'], codes)}
An answer of 503 carries \`Retry-After\`: the seconds after which to try again.

## Why an attempt to deliver failed

An attempt's \`errorClass\` says what went wrong between the gateway and the endpoint.

${table(['class', 'meaning', 'what to do'], classes)}`;
}
