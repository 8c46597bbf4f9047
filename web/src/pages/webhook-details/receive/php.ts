import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, phpQuoted, program } from './text.ts';

/** A receiver for PHP behind any web server, with what PHP brings along. */
export function phpReceiver(plan: ReceiverPlan): string {
  const { format, answer } = plan;
  const isShared = plan.signature === 'v1';
  const extensions = [...(format === 'xml' ? ['SimpleXML'] : []), ...(isShared ? [] : ['sodium'])];
  return program([
    '<?php',
    `// Receives ${plan.reports} at ${plan.url} (${formatWords[format]}).`,
    `// PHP 8.1 or newer${extensions.length > 0 ? ` with ${extensions.join(' and ')}` : ''}, behind your web server, or to try it:`,
    `//   ${keyWords(plan, '...')} php -S 0.0.0.0:3000 receiver.php`,
    'declare(strict_types=1);',
    '',
    isShared
      ? [
          "$key = base64_decode(preg_replace('/^whsec_/', '', (string) getenv('WEBHOOK_SECRET')), true);",
          "if ($key === false || $key === '') {",
          "    throw new RuntimeException('Set WEBHOOK_SECRET to the signing secret of the webhook.');",
        ]
      : [
          "$key = base64_decode(preg_replace('/^whpk_/', '', (string) getenv('WEBHOOK_PUBLIC_KEY')), true);",
          'if ($key === false || strlen($key) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES) {',
          "    throw new RuntimeException('Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.');",
        ],
    '}',
    'const TOLERANCE_SECONDS = 5 * 60;',
    '',
    '// Store the report here and do the work later. What throws is answered with 500 and sent again.',
    '// The same $webhookId comes again when an answer was lost or somebody replays: act on it once.',
    'function onReport(array $report, string $webhookId): void',
    '{',
    handler(plan),
    '}',
    '',
    `// ${signatureWords[plan.signature]}`,
    '// There are two signatures while the secret is being changed.',
    'function isGenuine(string $payload, string $key): bool',
    '{',
    "    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';",
    "    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';",
    '    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {',
    '        return false;',
    '    }',
    isShared &&
      "    $expected = 'v1,' . base64_encode(hash_hmac('sha256', \"$id.$timestamp.$payload\", $key, true));",
    '    $genuine = false;',
    "    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {",
    isShared
      ? '        $genuine = hash_equals($expected, $given) || $genuine;'
      : [
          "        [$version, $value] = explode(',', $given, 2) + [1 => ''];",
          '        $signature = base64_decode($value, true);',
          "        $genuine = $genuine || ($version === 'v1a' && strlen((string) $signature) === SODIUM_CRYPTO_SIGN_BYTES",
          '            && sodium_crypto_sign_verify_detached($signature, "$id.$timestamp.$payload", $key));',
        ],
    '    }',
    '    return $genuine;',
    '}',
    '',
    reader(plan),
    '',
    format === 'query'
      ? [
          '// A GET request has no body: the raw query string is signed.',
          "$payload = $_SERVER['QUERY_STRING'] ?? '';",
        ]
      : [
          '// The bytes as they came are signed: check them before they are parsed.',
          "$payload = (string) file_get_contents('php://input');",
        ],
    'if (!isGenuine($payload, $key)) {',
    '    http_response_code(401);',
    "    exit('The signature is not right.');",
    '}',
    'try {',
    '    foreach (readReports($payload) as $report) {',
    "        onReport($report, $_SERVER['HTTP_WEBHOOK_ID']);",
    '    }',
    '} catch (Throwable $error) {',
    '    error_log((string) $error);',
    '    http_response_code(500);',
    "    exit('Not stored.');",
    '}',
    `http_response_code(${answer.status});`,
    answer.body !== '' && `echo ${phpQuoted(answer.body)};`,
  ]);
}

function handler({ shape, fields }: ReceiverPlan): Lines {
  const read = (name: string) => `$report[${phpQuoted(name)}] ?? null`;
  if (shape === 'meta') {
    return [
      "    foreach ($report['messages'] ?? [] as $message) {",
      '        error_log(json_encode([',
      "            'webhookId' => $webhookId,",
      "            'wabaNumber' => $report['metadata']['display_phone_number'] ?? null,",
      "            'messageId' => $message['id'] ?? null,",
      "            'mobileNumber' => $message['from'] ?? null,",
      "            'type' => $message['type'] ?? null,",
      "            'text' => $message['text']['body'] ?? null,",
      fields.map(({ key, name }) => `            ${phpQuoted(key)} => ${read(name)},`),
      '        ], JSON_THROW_ON_ERROR));',
      '    }',
    ];
  }
  if (shape === 'operations') {
    return [
      '    error_log(json_encode([',
      "        'webhookId' => $webhookId,",
      "        'type' => $report['type'],",
      "        'at' => $report['timestamp'],",
      "        'data' => $report['data'],",
      '    ], JSON_THROW_ON_ERROR));',
    ];
  }
  return [
    '    error_log(json_encode([',
    "        'webhookId' => $webhookId,",
    fields.map(({ key, name }) => `        ${phpQuoted(key)} => ${read(name)},`),
    '    ], JSON_THROW_ON_ERROR));',
  ];
}

function reader({ format, many }: ReceiverPlan): Lines {
  const decoded = 'json_decode($payload, true, 512, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR)';
  switch (format) {
    case 'query':
    case 'form':
      return [
        '// A value that is not known is empty. PHP itself would change dots and spaces in names.',
        'function readReports(string $payload): array',
        '{',
        '    $report = [];',
        "    foreach (explode('&', $payload) as $pair) {",
        "        [$name, $value] = explode('=', $pair, 2) + [1 => ''];",
        '        $report[urldecode($name)] = urldecode($value);',
        '    }',
        '    return [$report];',
        '}',
      ];
    case 'json':
      return [
        many ? '// A request carries a list of reports.' : null,
        'function readReports(string $payload): array',
        '{',
        many ? `    return ${decoded};` : `    return [${decoded}];`,
        '}',
      ];
    case 'xml':
      return [
        '// One element for each name; an empty one is a value that is not known.',
        'function readReports(string $payload): array',
        '{',
        '    $root = new SimpleXMLElement($payload, LIBXML_NONET);',
        '    $reports = [];',
        many ? '    foreach ($root->children() as $element) {' : '    foreach ([$root] as $element) {',
        '        $report = [];',
        '        foreach ($element->children() as $name => $value) {',
        '            $report[$name] = (string) $value;',
        '        }',
        '        $reports[] = $report;',
        '    }',
        '    return $reports;',
        '}',
      ];
  }
}
