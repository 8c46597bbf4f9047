import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, program, quoted } from './text.ts';

/** A receiver for .NET: ASP.NET Core, which the SDK brings along. */
export function csharpReceiver(plan: ReceiverPlan): string {
  const { format, answer, maxBytes } = plan;
  const isJson = format === 'json';
  const isShared = plan.signature === 'v1';
  return program([
    `// Receives ${plan.reports} at ${plan.url} (${formatWords[format]}).`,
    isShared
      ? '// .NET 8 or newer, nothing to install: "dotnet new web", then this as Program.cs:'
      : '// .NET 8 or newer: "dotnet new web", "dotnet add package NSec.Cryptography", then this as Program.cs:',
    `//   ${keyWords(plan, '...')} dotnet run --urls http://0.0.0.0:3000`,
    isShared ? 'using System.Security.Cryptography;' : 'using NSec.Cryptography;',
    'using System.Text;',
    isJson ? 'using System.Text.Json;' : null,
    (format === 'query' || format === 'form') && 'using System.Web;',
    format === 'xml' && 'using System.Xml.Linq;',
    '',
    isShared
      ? [
          'var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET") ?? "";',
          'var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret[6..] : secret);',
          'if (key.Length == 0) throw new InvalidOperationException("Set WEBHOOK_SECRET to the signing secret of the webhook.");',
        ]
      : [
          'var given = Environment.GetEnvironmentVariable("WEBHOOK_PUBLIC_KEY") ?? "";',
          'if (!given.StartsWith("whpk_")) throw new InvalidOperationException("Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.");',
          'var key = PublicKey.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(given[5..]), KeyBlobFormat.RawPublicKey);',
        ],
    'const long toleranceSeconds = 5 * 60;',
    '',
    'var builder = WebApplication.CreateBuilder(args);',
    format !== 'query' &&
      `builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = ${maxBytes});`,
    'var app = builder.Build();',
    'app.Run(async context =>',
    '{',
    format === 'query'
      ? [
          '    // A GET request has no body: the raw query string is signed.',
          '    var query = context.Request.QueryString.Value ?? "";',
          "    var payload = Encoding.UTF8.GetBytes(query.StartsWith('?') ? query[1..] : query);",
        ]
      : [
          '    // The bytes as they came are signed: check them before they are parsed.',
          '    using var body = new MemoryStream();',
          '    await context.Request.Body.CopyToAsync(body);',
          '    var payload = body.ToArray();',
        ],
    '    if (!IsGenuine(context.Request.Headers, payload))',
    '    {',
    '        context.Response.StatusCode = 401;',
    '        await context.Response.WriteAsync("The signature is not right.");',
    '        return;',
    '    }',
    '    // What throws is answered with 500 and sent again.',
    '    foreach (var report in ReadReports(payload)) OnReport(report, context.Request.Headers["webhook-id"].ToString());',
    `    context.Response.StatusCode = ${answer.status};`,
    answer.body !== '' && `    await context.Response.WriteAsync(${quoted(answer.body)});`,
    '});',
    'app.Run();',
    '',
    '// Store the report here and do the work later.',
    '// The same webhookId comes again when an answer was lost or somebody replays: act on it once.',
    `static void OnReport(${isJson ? 'JsonElement' : 'Dictionary<string, string>'} report, string webhookId)`,
    '{',
    handler(plan),
    '}',
    '',
    `// ${signatureWords[plan.signature]}`,
    '// There are two signatures while the secret is being changed.',
    'bool IsGenuine(IHeaderDictionary headers, byte[] payload)',
    '{',
    '    var id = headers["webhook-id"].ToString();',
    '    var timestamp = headers["webhook-timestamp"].ToString();',
    '    if (!long.TryParse(timestamp, out var seconds)) return false;',
    '    var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();',
    '    if (seconds < now - toleranceSeconds || seconds > now + toleranceSeconds) return false;',
    '    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. payload];',
    isShared
      ? [
          '    var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));',
          '    return headers["webhook-signature"].ToString().Split(\' \')',
          '        .Any(given => CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given)));',
        ]
      : [
          '    var bytes = new byte[64];',
          '    return headers["webhook-signature"].ToString().Split(\' \').Any(one => one.StartsWith("v1a,")',
          '        && Convert.TryFromBase64String(one[4..], bytes, out var length) && length == 64',
          '        && SignatureAlgorithm.Ed25519.Verify(key, signed, bytes));',
        ],
    '}',
    '',
    reader(plan),
  ]);
}

function handler({ format, shape, fields }: ReceiverPlan): Lines {
  const isJson = format === 'json';
  const read = (name: string) =>
    isJson ? `Text(report, ${quoted(name)})` : `report.GetValueOrDefault(${quoted(name)})`;
  const put = (key: string, value: string) => `[${quoted(key)}] = ${value},`;
  if (shape === 'meta') {
    return [
      '    if (!report.TryGetProperty("messages", out var messages)) return;',
      '    foreach (var message in messages.EnumerateArray())',
      '    {',
      '        var values = new Dictionary<string, string?>',
      '        {',
      [
        put('webhookId', 'webhookId'),
        put(
          'wabaNumber',
          'report.TryGetProperty("metadata", out var metadata) ? Text(metadata, "display_phone_number") : null',
        ),
        put('messageId', 'Text(message, "id")'),
        put('mobileNumber', 'Text(message, "from")'),
        put('type', 'Text(message, "type")'),
        put('text', 'message.TryGetProperty("text", out var text) ? Text(text, "body") : null'),
        ...fields.map(({ key, name }) => put(key, read(name))),
      ].map((line) => `            ${line}`),
      '        };',
      '        Console.WriteLine(string.Join(", ", values));',
      '    }',
    ];
  }
  const lines =
    shape === 'operations'
      ? [put('type', read('type')), put('at', read('timestamp')), put('data', read('data'))]
      : fields.map(({ key, name }) => put(key, read(name)));
  return [
    '    var values = new Dictionary<string, string?>',
    '    {',
    [put('webhookId', 'webhookId'), ...lines].map((line) => `        ${line}`),
    '    };',
    '    Console.WriteLine(string.Join(", ", values));',
  ];
}

function reader({ format, many }: ReceiverPlan): Lines {
  switch (format) {
    case 'query':
    case 'form':
      return [
        '// A value that is not known is empty.',
        'static IEnumerable<Dictionary<string, string>> ReadReports(byte[] payload)',
        '{',
        '    var values = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(payload));',
        '    yield return values.AllKeys.ToDictionary(name => name ?? "", name => values[name] ?? "");',
        '}',
      ];
    case 'json':
      return [
        many ? '// A request carries a list of reports.' : null,
        'static IEnumerable<JsonElement> ReadReports(byte[] payload)',
        '{',
        '    var read = JsonDocument.Parse(payload).RootElement;',
        many ? '    return read.EnumerateArray();' : '    return [read];',
        '}',
        '',
        'static string? Text(JsonElement report, string name)',
        '{',
        '    if (!report.TryGetProperty(name, out var value)) return null;',
        '    return value.ValueKind == JsonValueKind.Null ? null : value.ToString();',
        '}',
      ];
    case 'xml':
      return [
        '// One element for each name; an empty one is a value that is not known.',
        'static IEnumerable<Dictionary<string, string>> ReadReports(byte[] payload)',
        '{',
        '    var root = XDocument.Parse(Encoding.UTF8.GetString(payload)).Root!;',
        many ? '    IEnumerable<XElement> reports = root.Elements();' : '    XElement[] reports = [root];',
        '    return reports.Select(report => report.Elements().ToDictionary(field => field.Name.LocalName, field => field.Value));',
        '}',
      ];
  }
}
