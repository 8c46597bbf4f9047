import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, program, quoted } from './text.ts';

/** A receiver for Python, with nothing but its standard library. */
export function pythonReceiver(plan: ReceiverPlan): string {
  const { format, answer, maxBytes } = plan;
  const isQuery = format === 'query';
  const isShared = plan.signature === 'v1';
  return program([
    `# Receives ${plan.reports} at ${plan.url} (${formatWords[format]}).`,
    `# Python 3.8 or newer, ${isShared ? 'nothing to install' : 'with "pip install cryptography"'}:`,
    `#   ${keyWords(plan)} python3 receiver.py`,
    'import base64',
    isShared && ['import hashlib', 'import hmac'],
    'import json',
    'import os',
    'import sys',
    'import time',
    'import traceback',
    'from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer',
    (isQuery || format === 'form') && 'from urllib.parse import parse_qsl',
    format === 'xml' && 'from xml.etree import ElementTree',
    !isShared && [
      '',
      'from cryptography.exceptions import InvalidSignature',
      'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey',
    ],
    '',
    isShared
      ? [
          'secret = os.environ.get("WEBHOOK_SECRET", "")',
          'KEY = base64.b64decode(secret[6:] if secret.startswith("whsec_") else secret)',
          'if not KEY:',
          '    sys.exit("Set WEBHOOK_SECRET to the signing secret of the webhook.")',
        ]
      : [
          'public_key = os.environ.get("WEBHOOK_PUBLIC_KEY", "")',
          'if not public_key.startswith("whpk_"):',
          '    sys.exit("Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.")',
          'KEY = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key[5:]))',
        ],
    'TOLERANCE_SECONDS = 5 * 60',
    !isQuery && `MAX_BYTES = ${maxBytes}`,
    '',
    '',
    '# Store the report here and do the work later. What raises is answered with 500 and sent again.',
    '# The same webhook_id comes again when an answer was lost or somebody replays: act on it once.',
    'def on_report(report, webhook_id):',
    handler(plan),
    '',
    '',
    `# ${signatureWords[plan.signature]}`,
    '# There are two signatures while the secret is being changed.',
    'def is_genuine(headers, payload):',
    '    webhook_id = headers.get("webhook-id", "")',
    '    timestamp = headers.get("webhook-timestamp", "")',
    '    if not (timestamp.isascii() and timestamp.isdigit()):',
    '        return False',
    '    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:',
    '        return False',
    '    signed = f"{webhook_id}.{timestamp}.".encode() + payload',
    isShared
      ? [
          '    digest = hmac.new(KEY, signed, hashlib.sha256).digest()',
          '    expected = b"v1," + base64.b64encode(digest)',
          '    given = headers.get("webhook-signature", "").split(" ")',
          '    return any(hmac.compare_digest(expected, one.encode()) for one in given)',
        ]
      : [
          '    for given in headers.get("webhook-signature", "").split(" "):',
          '        version, _, value = given.partition(",")',
          '        try:',
          '            if version == "v1a":',
          '                KEY.verify(base64.b64decode(value), signed)',
          '                return True',
          '        except (InvalidSignature, ValueError):',
          '            pass',
          '    return False',
        ],
    '',
    '',
    reader(plan),
    '',
    '',
    'class Receiver(BaseHTTPRequestHandler):',
    isQuery
      ? [
          '    def do_GET(self):',
          '        # A GET request has no body: the raw query string is signed.',
          '        payload = self.path.partition("?")[2].encode()',
        ]
      : [
          '    def do_POST(self):',
          '        # The bytes as they came are signed: check them before they are parsed.',
          '        length = int(self.headers.get("content-length", 0))',
          '        if length > MAX_BYTES:',
          '            return self.answer(413, "Too long.")',
          '        payload = self.rfile.read(length)',
        ],
    '        if not is_genuine(self.headers, payload):',
    '            return self.answer(401, "The signature is not right.")',
    '        try:',
    '            for report in read_reports(payload):',
    '                on_report(report, self.headers["webhook-id"])',
    '        except Exception:',
    '            traceback.print_exc()',
    '            return self.answer(500, "Not stored.")',
    `        self.answer(${answer.status}, ${quoted(answer.body)})`,
    '',
    '    def answer(self, status, text):',
    '        body = text.encode()',
    '        self.send_response(status)',
    answer.body === ''
      ? ['        if body:', '            self.send_header("content-length", str(len(body)))']
      : '        self.send_header("content-length", str(len(body)))',
    '        self.end_headers()',
    '        self.wfile.write(body)',
    '',
    '',
    'server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "3000"))), Receiver)',
    'print("Listening on port", server.server_port, file=sys.stderr, flush=True)',
    'server.serve_forever()',
  ]);
}

function handler({ shape, fields }: ReceiverPlan): Lines {
  const read = (name: string) => `report.get(${quoted(name)})`;
  if (shape === 'meta') {
    return [
      '    for message in report.get("messages", []):',
      '        print(json.dumps({',
      '            "webhookId": webhook_id,',
      '            "wabaNumber": report.get("metadata", {}).get("display_phone_number"),',
      '            "messageId": message.get("id"),',
      '            "mobileNumber": message.get("from"),',
      '            "type": message.get("type"),',
      '            "text": message.get("text", {}).get("body"),',
      fields.map(({ key, name }) => `            ${quoted(key)}: ${read(name)},`),
      '        }), flush=True)',
    ];
  }
  if (shape === 'operations') {
    return [
      '    print(json.dumps({',
      '        "webhookId": webhook_id,',
      '        "type": report["type"],',
      '        "at": report["timestamp"],',
      '        "data": report["data"],',
      '    }), flush=True)',
    ];
  }
  return [
    '    print(json.dumps({',
    '        "webhookId": webhook_id,',
    fields.map(({ key, name }) => `        ${quoted(key)}: ${read(name)},`),
    '    }), flush=True)',
  ];
}

function reader({ format, many }: ReceiverPlan): Lines {
  switch (format) {
    case 'query':
    case 'form':
      return [
        '# A value that is not known is empty.',
        'def read_reports(payload):',
        '    return [dict(parse_qsl(payload.decode(), keep_blank_values=True))]',
      ];
    case 'json':
      return [
        many ? '# A request carries a list of reports.' : null,
        'def read_reports(payload):',
        many ? '    return json.loads(payload)' : '    return [json.loads(payload)]',
      ];
    case 'xml':
      return [
        '# One element for each name; an empty one is a value that is not known.',
        'def read_reports(payload):',
        '    root = ElementTree.fromstring(payload)',
        many ? '    reports = list(root)' : '    reports = [root]',
        '    return [{field.tag: field.text or "" for field in report} for report in reports]',
      ];
  }
}
