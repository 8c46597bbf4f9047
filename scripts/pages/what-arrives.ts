import { fragmentOf, methods } from '../../test/what-arrives/fragments.ts';
import { type Chapter, chapters, refusals } from '../../test/what-arrives/ways.ts';
import { generatedFrom, table } from './markdown.ts';

/** `docs/guides/what-arrives.md` */
export function whatArrivesPage(): string {
  const count = chapters.reduce((sum, { ways }) => sum + ways.length, 0);
  const refused = refusals.map(({ writes, status, says }) => [code(writes), String(status), says.trim()]);
  return `${generatedFrom('test/what-arrives/ways.ts, which is tried with a gateway and its endpoints')}# What arrives

Platforms write the same report in many ways. These ${count} are taken, and this is what an endpoint gets of each by the four
methods; what is refused stands at the end. A delivery report's names are the webhook's own, here \`txn_id\`, \`error_code\`,
\`mobile\`, \`received_time\`, \`delivered_time\`, \`read_time\` and \`status\`; those of an inbound message are the fixed ones of
\`moFormat: "flat"\`, with \`moMessage\` on. [Delivery settings](delivery-settings.md) tells of the formats.

${chapters.map(chapterText).join('\n')}
## Refused

The answer says what is wrong with which field; in a list of events it is about that one alone, and the others are taken.

${table(['written', 'status', 'the answer says'], refused)}
## Who sent a message

With \`moFormat: "whatsapp"\` an endpoint gets Meta's \`value\` object. Where the event has the attribute \`metaValue\`, that
object is sent as it came. Else it is rebuilt: the message as it came, with \`from\`, \`id\` and \`timestamp\` before what it does
not have itself (\`context\`, \`referral\`, \`group_id\` and whatever else is in it go along), and \`contacts\` from the attribute
\`contacts\`, or with \`profileName\` as the profile's name, \`mobileNumber\` as \`wa_id\` and \`userId\` as \`user_id\`; what
the event does not say of them is taken from the message's own \`from\`, \`from_user_id\` and \`from_parent_user_id\`. The flat
fields \`profileName\`, \`mobileNumber\` and \`userId\` are found in the same way.
`;
}

function chapterText({ title, text, ways }: Chapter): string {
  const rows = ways.map(({ writes, parameter, arrives }) => [
    code(writes),
    ...methods.map((method) => code(fragmentOf(method, parameter, arrives))),
  ]);
  return `## ${title}\n\n${text}\n\n${table(['written', ...methods], rows)}`;
}

/** Inline code that may have backticks and begin with a space in it. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text}${fence}`;
}
