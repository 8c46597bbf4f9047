export interface VerifyProgram {
  readonly language: string;
  readonly text: string;
  /** Where the raw content comes from. */
  readonly note: string;
}

const node = `import { createHmac, timingSafeEqual } from 'node:crypto';

/** content: a Buffer with the raw body, or for GET the raw query string. */
export function isFromHookwire(headers, content, secret) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(\`\${id}.\${timestamp}.\`).update(content).digest();
  return signatures.split(' ').some((signature) => {
    const [version, value = ''] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}`;

const python = `import base64, hashlib, hmac, time

def is_from_hookwire(headers, content: bytes, secret: str) -> bool:
    """content: the raw body, or for GET the raw query string, as bytes."""
    message_id = headers.get("webhook-id")
    timestamp = headers.get("webhook-timestamp")
    signatures = headers.get("webhook-signature")
    if not (message_id and timestamp and signatures and timestamp.isascii() and timestamp.isdigit()):
        return False
    if abs(time.time() - int(timestamp)) > 300:
        return False

    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + content
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(signature.encode(), expected.encode()) for signature in signatures.split(" ")
    )`;

const php = `<?php
/** $content: the raw body, or for GET the raw query string. */
function is_from_hookwire(array $headers, string $content, string $secret): bool
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    $signatures = $headers['webhook-signature'] ?? '';
    if ($id === '' || $signatures === '' || !ctype_digit($timestamp)) {
        return false;
    }
    if (abs(time() - (int) $timestamp) > 300) {
        return false;
    }

    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$content", $key, true));
    foreach (explode(' ', $signatures) as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

$headers = array_change_key_case(getallheaders(), CASE_LOWER);
$content = $_SERVER['REQUEST_METHOD'] === 'GET' ? $_SERVER['QUERY_STRING'] : file_get_contents('php://input');`;

/** The programs of docs/guides/verify-signatures.md. A test holds the two together. */
export const verifyPrograms: readonly [VerifyProgram, ...VerifyProgram[]] = [
  {
    language: 'Node.js',
    text: node,
    note: "With Express, app.use(express.raw({ type: '*/*' })) makes req.body the raw Buffer. For GET the content is Buffer.from(req.originalUrl.split('?')[1] ?? '').",
  },
  {
    language: 'Python',
    text: python,
    note: 'With Flask the content is request.get_data(), for GET request.query_string; with FastAPI await request.body() and request.url.query.encode().',
  },
  {
    language: 'PHP',
    text: php,
    note: 'The last two lines show where headers and content come from.',
  },
];
