import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, program, quoted } from './text.ts';

/** A receiver for Node.js, with nothing but its standard library. */
export function nodeReceiver(plan: ReceiverPlan): string {
  const isShared = plan.signature === 'v1';
  return program([
    `// Receives ${plan.reports} at ${plan.url} (${formatWords[plan.format]}).`,
    '// Node.js 18 or newer, nothing to install:',
    `//   ${keyWords(plan)} node receiver.mjs`,
    isShared
      ? "import { createHmac, timingSafeEqual } from 'node:crypto';"
      : "import { createPublicKey, verify } from 'node:crypto';",
    "import { createServer } from 'node:http';",
    '',
    isShared
      ? [
          "const key = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');",
          "if (key.length === 0) throw new Error('Set WEBHOOK_SECRET to the signing secret of the webhook.');",
        ]
      : [
          "const given = Buffer.from((process.env.WEBHOOK_PUBLIC_KEY ?? '').replace(/^whpk_/, ''), 'base64');",
          "if (given.length !== 32) throw new Error('Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.');",
          "const x = given.toString('base64url');",
          "const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });",
        ],
    'const toleranceSeconds = 5 * 60;',
    plan.format !== 'query' && `const maxBytes = ${plan.maxBytes};`,
    '',
    '// Store the report here and do the work later. What throws is answered with 500 and sent again.',
    '// The same webhookId comes again when an answer was lost or somebody replays: act on it once.',
    'function onReport(report, webhookId) {',
    handler(plan),
    '}',
    '',
    `// ${signatureWords[plan.signature]}`,
    '// There are two signatures while the secret is being changed.',
    'function isGenuine(headers, payload) {',
    "  const id = headers['webhook-id'] ?? '';",
    "  const timestamp = headers['webhook-timestamp'] ?? '';",
    '  const age = Math.abs(Date.now() / 1000 - Number(timestamp));',
    '  if (!/^\\d+$/.test(timestamp) || age > toleranceSeconds) return false;',
    isShared
      ? [
          "  const digest = createHmac('sha256', key).update(id + '.' + timestamp + '.').update(payload).digest('base64');",
          "  const expected = Buffer.from('v1,' + digest);",
          "  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {",
          '    const given = Buffer.from(signature);',
          '    return given.length === expected.length && timingSafeEqual(given, expected);',
          '  });',
        ]
      : [
          "  const signed = Buffer.from(id + '.' + timestamp + '.' + payload);",
          "  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {",
          "    const [version, value = ''] = signature.split(',');",
          "    return version === 'v1a' && verify(null, signed, key, Buffer.from(value, 'base64'));",
          '  });',
        ],
    '}',
    '',
    reader(plan),
    '',
    'const server = createServer(async (request, response) => {',
    '  try {',
    payload(plan.format),
    '    if (!isGenuine(request.headers, payload)) {',
    "      response.writeHead(401).end('The signature is not right.');",
    '      return;',
    '    }',
    "    for (const report of readReports(payload)) onReport(report, request.headers['webhook-id']);",
    `    response.writeHead(${plan.answer.status}).end(${plan.answer.body === '' ? '' : quoted(plan.answer.body)});`,
    '  } catch (error) {',
    '    console.error(error);',
    "    if (!response.headersSent) response.writeHead(500).end('Not stored.');",
    '  }',
    '});',
    'server.listen(Number(process.env.PORT ?? 3000), () => {',
    "  console.error('Listening on port', server.address().port);",
    '});',
  ]);
}

function handler({ shape, fields }: ReceiverPlan): Lines {
  if (shape === 'meta') {
    return [
      '  for (const message of report.messages ?? []) {',
      '    console.log(JSON.stringify({',
      '      webhookId,',
      '      wabaNumber: report.metadata?.display_phone_number,',
      '      messageId: message.id,',
      '      mobileNumber: message.from,',
      '      type: message.type,',
      '      text: message.text?.body,',
      fields.map(({ key, name }) => `      ${member(key)}: report[${quoted(name)}],`),
      '    }));',
      '  }',
    ];
  }
  if (shape === 'operations') {
    return [
      '  console.log(JSON.stringify({ webhookId, type: report.type, at: report.timestamp, data: report.data }));',
    ];
  }
  return [
    '  console.log(JSON.stringify({',
    '    webhookId,',
    fields.map(({ key, name }) => `    ${member(key)}: report[${quoted(name)}],`),
    '  }));',
  ];
}

/** Written plainly, `__proto__` would be no member but what the object is made of. */
function member(key: string): string {
  return key === '__proto__' ? `[${quoted(key)}]` : quoted(key);
}

function payload(format: ReceiverPlan['format']): Lines {
  if (format === 'query') {
    return [
      '    // A GET request has no body: the raw query string is signed.',
      "    const payload = request.url.slice(request.url.indexOf('?') + 1);",
    ];
  }
  return [
    '    // The bytes as they came are signed: check them before they are parsed.',
    '    const chunks = [];',
    '    let size = 0;',
    '    for await (const chunk of request) {',
    '      size += chunk.length;',
    "      if (size > maxBytes) return void response.writeHead(413).end('Too long.');",
    '      chunks.push(chunk);',
    '    }',
    "    const payload = Buffer.concat(chunks).toString('utf8');",
  ];
}

function reader({ format, many }: ReceiverPlan): Lines {
  switch (format) {
    case 'query':
    case 'form':
      return [
        '// A value that is not known is empty.',
        'function readReports(payload) {',
        '  return [Object.fromEntries(new URLSearchParams(payload))];',
        '}',
      ];
    case 'json':
      return [
        many ? '// A request carries a list of reports.' : null,
        'function readReports(payload) {',
        many ? '  return JSON.parse(payload);' : '  return [JSON.parse(payload)];',
        '}',
      ];
    case 'xml':
      return [
        '// One element for each name, without attributes; an empty one is a value that is not known.',
        'function readReports(payload) {',
        '  const reports = [];',
        '  let depth = 0;',
        '  for (const [, end, name, empty, text] of payload.matchAll(/<(\\/?)([^\\s<>/?!]+)(\\/?)>([^<]*)/g)) {',
        '    if (end) {',
        '      depth -= 1;',
        '      continue;',
        '    }',
        `    if (depth === ${many ? 1 : 0}) reports.push(Object.create(null));`,
        `    if (depth === ${many ? 2 : 1}) reports.at(-1)[name] = empty ? '' : unescapeXml(text);`,
        '    if (!empty) depth += 1;',
        '  }',
        '  return reports;',
        '}',
        '',
        'function unescapeXml(text) {',
        "  const characters = { amp: '&', lt: '<', gt: '>', '#13': '\\r' };",
        '  return text.replace(/&(amp|lt|gt|#13);/g, (_, name) => characters[name]);',
        '}',
      ];
  }
}
