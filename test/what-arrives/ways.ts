import { gzipSync } from 'node:zlib';

/** What a parameter arrives with: text, JSON (as it is where the method has it, else as text), or nothing known. */
export type Arriving = { readonly text: string } | { readonly json: string } | null;

/** A way in which platforms write a report, and what becomes of it. */
export interface Way {
  /** What of the call's body, or of its headers, is written so. */
  readonly writes: string;
  /** Fields of the event that are written so: JSON. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Of what kind the report is, unless it is a delivery report. */
  readonly reportType?: 'mo';
  /** How the body goes on the wire, unless as UTF-8. */
  readonly encode?: (body: string) => Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ArrivingWay extends Way {
  /** The endpoint's name of what is looked at. */
  readonly parameter: string;
  readonly arrives: Arriving;
}

export interface RefusedWay extends Way {
  readonly status: number;
  /** A piece of the answer's `detail`. */
  readonly says: string;
}

export interface Chapter {
  readonly title: string;
  readonly text: string;
  readonly ways: readonly ArrivingWay[];
}

const number = { text: '919812345678' };
const at = { text: '2026-11-22T10:15:33.000Z' };

function field(name: string, parameter: string, arrives: Arriving, ...written: string[]): ArrivingWay[] {
  return written.map((json) => ({
    writes: `"${name}": ${json}`,
    fields: { [name]: json },
    parameter,
    arrives,
  }));
}

function message(parameter: string, arrives: Arriving, json: string, of: object = {}): ArrivingWay {
  return {
    writes: `"message": ${json}`,
    fields: { message: json },
    reportType: 'mo',
    parameter,
    arrives,
    ...of,
  };
}

/** The message as it came, whatever is in it. */
function kept(json: string): ArrivingWay {
  return message('message', { json }, json);
}

export const chapters: readonly Chapter[] = [
  {
    title: 'Numbers',
    text: 'One form, digits with the country code (`settings.mobileFormat`: `e164` puts a `+` before them). What is no number, and a national one whose country nobody knows, stay as they are.',
    ways: [
      ...field(
        ...(['mobileNumber', 'mobile', number] as const),
        '"919812345678"',
        '"+919812345678"',
        '"00919812345678"',
        '"+91 98123-45678"',
        '"+91 (98123) 45678"',
        '"+91\\u00a098123\\u00a045678"',
        '"\\u202a+919812345678\\u202c"',
        '"\\u0669\\u0661\\u0669\\u0668\\u0661\\u0662\\u0663\\u0664\\u0665\\u0666\\u0667\\u0668"',
        '"\\uff0b\\uff19\\uff11\\uff19\\uff18\\uff11\\uff12\\uff13\\uff14\\uff15\\uff16\\uff17\\uff18"',
      ),
      ...field('mobileNumber', 'mobile', { text: '09812345678' }, '"09812345678"'),
      ...field('mobileNumber', 'mobile', { text: '91XXXXXX5678' }, '"91XXXXXX5678"'),
      ...field('mobileNumber', 'mobile', null, 'null'),
      ...['"919999999999"', '"+91 99999-99999"', '"0091 99999 99999"'].map((json) => ({
        ...message('wabaNumber', { text: '919999999999' }, '{"type":"text","text":{"body":"hi"}}'),
        writes: `"productUniqueId": ${json}`,
        fields: { productUniqueId: json, message: '{"type":"text","text":{"body":"hi"}}' },
      })),
    ],
  },
  {
    title: 'Times',
    text: 'Read with their zone, whichever that is, and sent as the webhook wants them (`settings.timeFormat`, here `iso` in UTC). What is finer than a millisecond is cut.',
    ways: [
      ...field(
        ...(['deliveredTime', 'delivered_time', at] as const),
        '"2026-11-22T10:15:33.000Z"',
        '"2026-11-22T10:15:33Z"',
        '"2026-11-22t10:15:33z"',
        '"2026-11-22T15:45:33+05:30"',
        '"2026-11-22T15:45:33+0530"',
        '"2026-11-22T15:15:33+05"',
        '"2026-11-22T10:15:33-00:00"',
        '"2026-11-22 10:15:33+00"',
        '"2026-11-22T10:15:33,000Z"',
        '"2026-11-22T10:15:33.000000000000Z"',
      ),
      ...field(
        'deliveredTime',
        'delivered_time',
        { text: '2026-11-22T10:15:33.123Z' },
        '"2026-11-22T10:15:33.123999Z"',
      ),
      ...field(
        'deliveredTime',
        'delivered_time',
        { text: '2017-01-01T00:00:00.000Z' },
        '"2016-12-31T23:59:60Z"',
      ),
      ...field('deliveredTime', 'delivered_time', null, 'null'),
    ],
  },
  {
    title: 'Statuses and codes',
    text: "Sent on as they came. They are compared without case and trimmed, SMPP's words by what they mean: a webhook that asked for `delivered` gets the first five. A message that was read was delivered, when nothing says when.",
    ways: [
      ...['delivered', 'Delivered', 'DELIVERED', ' delivered ', 'DELIVRD'].flatMap((status) =>
        field('status', 'status', { text: status }, JSON.stringify(status)),
      ),
      ...field('status', 'status', { text: 'UNDELIV' }, '"UNDELIV"'),
      {
        writes: '"status": "READ", "readTime": "2026-11-22T10:15:33Z"',
        fields: { status: '"READ"', readTime: '"2026-11-22T10:15:33Z"', deliveredTime: 'null' },
        parameter: 'delivered_time',
        arrives: at,
      },
      ...field('errorCode', 'error_code', { text: '000' }, '"000"'),
      ...field('errorCode', 'error_code', { text: '0C3' }, '"0C3"'),
      ...field('transactionId', 'txn_id', { text: '18446744073709551616' }, '"18446744073709551616"'),
    ],
  },
  {
    title: 'Bytes',
    text: 'Bodies are UTF-8. Escapes in what is text of an event are read; what comes inside `message` is not touched (below).',
    ways: [
      ...field('transactionId', 'txn_id', { text: 'José 🙂' }, '"José 🙂"', '"Jos\\u00e9 \\ud83d\\ude42"'),
      ...field('transactionId', 'txn_id', { text: 'a/b "c"' }, '"a\\/b \\"c\\""'),
      {
        ...{ writes: 'a byte order mark before the body', parameter: 'txn_id', arrives: { text: 'José' } },
        fields: { transactionId: '"José"' },
        encode: (body) => Buffer.from(`\ufeff${body}`),
      },
      {
        ...{
          writes: 'Content-Type: application/json; charset="utf-8"',
          parameter: 'txn_id',
          arrives: { text: 'José' },
        },
        fields: { transactionId: '"José"' },
        headers: { 'content-type': 'application/json; charset="utf-8"' },
      },
      {
        ...{ writes: 'Content-Encoding: gzip', parameter: 'txn_id', arrives: { text: 'José' } },
        fields: { transactionId: '"José"' },
        encode: (body) => gzipSync(body),
        headers: { 'content-encoding': 'gzip' },
      },
    ],
  },
  {
    title: 'Messages',
    text: 'What comes inside `message` and `attributes` is stored, shown and sent on character for character: by JSON as it is, by a form, a query and XML as its text. (XML has no U+FFFE and U+FFFF, which are written there as escapes of JSON.) The flat fields have numbers as they are written.',
    ways: [
      kept('{"type":"order","total":30.00,"id":12345678901234567890,"n":9007199254740993}'),
      kept('{"type":"order","a":-0,"b":1e400,"c":1E+2}'),
      kept('{"type":"order","z":1,"10":2,"9":3,"z":4}'),
      kept('{ "type" : "text", "text" : { "body" : "caf\\u00e9 \\/ café" } }'),
      kept('{"type":"text","text":{"body":"<b>&amp; \\"hi\\" 100%+"},"__proto__":{"a":1}}'),
      message(
        'latitude',
        { text: '12.9700' },
        '{"type":"location","location":{"latitude":12.9700,"longitude":77.5946}}',
      ),
      message(
        'mediaId',
        { text: '12345678901234567890' },
        '{"type":"image","image":{"id":12345678901234567890}}',
      ),
      message('text', { text: 'café 🙂' }, '{"type":"text","text":{"body":"caf\\u00e9 \\ud83d\\ude42"}}'),
      message(
        'contextMessageId',
        { text: 'wamid.A' },
        '{"type":"text","text":{"body":"yes"},"context":{"from":"919999999999","id":"wamid.A"}}',
      ),
    ],
  },
];

export const refusals: readonly RefusedWay[] = [
  {
    writes: '"deliveredTime": "2026-11-22 15:45:33"',
    fields: { deliveredTime: '"2026-11-22 15:45:33"' },
    status: 422,
    says: 'deliveredTime: It has no time zone (Z for UTC, or an offset such as +05:30)',
  },
  {
    writes: '"deliveredTime": 1795342533',
    fields: { deliveredTime: '1795342533' },
    status: 422,
    says: 'deliveredTime: It is a number, which does not say its unit',
  },
  {
    writes: '"deliveredTime": "2026-02-30T10:15:33Z"',
    fields: { deliveredTime: '"2026-02-30T10:15:33Z"' },
    status: 422,
    says: 'deliveredTime: It is a day or time that there is not',
  },
  {
    writes: '"transactionId": 18446744073709551616',
    fields: { transactionId: '18446744073709551616' },
    status: 422,
    says: 'transactionId: Write it as text, in quotes: numbers lose leading zeros and long ids.',
  },
  {
    writes: 'a body in Latin-1',
    fields: { transactionId: '"José"' },
    encode: (body) => Buffer.from(body, 'latin1'),
    status: 400,
    says: 'The body is not UTF-8: see its byte ',
  },
  {
    writes: 'Content-Type: application/json; charset=ISO-8859-1',
    headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
    status: 415,
    says: 'Send the body as UTF-8, not as ISO-8859-1.',
  },
  {
    writes: 'Content-Encoding: br',
    headers: { 'content-encoding': 'br' },
    status: 415,
    says: 'Send the body as it is or with Content-Encoding: gzip; br is not taken.',
  },
  {
    writes: 'Content-Encoding: gzip, cut off',
    encode: (body) => gzipSync(body).subarray(0, -9),
    headers: { 'content-encoding': 'gzip' },
    status: 400,
    says: 'The body is not whole gzip, as Content-Encoding says',
  },
  {
    writes: 'Content-Encoding: gzip of 64 MiB',
    encode: (body) => gzipSync(body + ' '.repeat(64 * 1024 * 1024)),
    headers: { 'content-encoding': 'gzip' },
    status: 413,
    says: 'The body has more than 4096 KiB when it is unpacked',
  },
];
