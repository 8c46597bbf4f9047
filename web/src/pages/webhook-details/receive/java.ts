import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, program, quoted } from './text.ts';

/** A receiver for Java: the JDK alone, and for JSON, which the JDK cannot read, Jackson. */
export function javaReceiver(plan: ReceiverPlan): string {
  const { format, answer, maxBytes } = plan;
  const isJson = format === 'json';
  const isShared = plan.signature === 'v1';
  const key = keyWords(plan, '...');
  return program([
    `// Receives ${plan.reports} at ${plan.url} (${formatWords[format]}).`,
    isJson
      ? [
          '// Java 17 or newer, with com.fasterxml.jackson.core:jackson-databind and what it needs in lib/:',
          `//   ${key} java -cp "lib/*" Receiver.java`,
        ]
      : ['// Java 17 or newer, nothing to install:', `//   ${key} java Receiver.java`],
    isJson && [
      'import com.fasterxml.jackson.databind.JsonNode;',
      'import com.fasterxml.jackson.databind.ObjectMapper;',
    ],
    'import com.sun.net.httpserver.HttpExchange;',
    'import com.sun.net.httpserver.HttpServer;',
    format === 'xml' && 'import java.io.ByteArrayInputStream;',
    'import java.io.IOException;',
    'import java.net.InetSocketAddress;',
    (format === 'query' || format === 'form') && 'import java.net.URLDecoder;',
    'import java.nio.charset.StandardCharsets;',
    'import java.security.GeneralSecurityException;',
    isShared
      ? 'import java.security.MessageDigest;'
      : [
          'import java.security.KeyFactory;',
          'import java.security.PublicKey;',
          'import java.security.Signature;',
          'import java.security.spec.X509EncodedKeySpec;',
        ],
    'import java.time.Instant;',
    plan.many && 'import java.util.ArrayList;',
    !isShared && 'import java.util.Arrays;',
    'import java.util.Base64;',
    'import java.util.LinkedHashMap;',
    'import java.util.List;',
    'import java.util.Map;',
    'import java.util.concurrent.Executors;',
    isShared && ['import javax.crypto.Mac;', 'import javax.crypto.spec.SecretKeySpec;'],
    format === 'xml' && [
      'import javax.xml.parsers.DocumentBuilderFactory;',
      'import org.w3c.dom.Element;',
      'import org.w3c.dom.Node;',
    ],
    '',
    'public class Receiver {',
    '    static final long TOLERANCE_SECONDS = 5 * 60;',
    isShared ? '    static byte[] key;' : '    static PublicKey key;',
    '',
    '    // Store the report here and do the work later. What throws is answered with 500 and sent again.',
    '    // The same webhookId comes again when an answer was lost or somebody replays: act on it once.',
    `    static void onReport(${isJson ? 'JsonNode' : 'Map<String, String>'} report, String webhookId) {`,
    handler(plan),
    '    }',
    '',
    `    // ${signatureWords[plan.signature]}`,
    '    // There are two signatures while the secret is being changed.',
    '    static boolean isGenuine(HttpExchange exchange, byte[] payload) throws GeneralSecurityException {',
    '        String id = header(exchange, "webhook-id");',
    '        String timestamp = header(exchange, "webhook-timestamp");',
    '        if (!timestamp.matches("[0-9]{1,12}")) return false;',
    '        long age = Instant.now().getEpochSecond() - Long.parseLong(timestamp);',
    '        if (Math.abs(age) > TOLERANCE_SECONDS) return false;',
    '        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);',
    isShared ? isGenuineBySecret : isGenuineByKey,
    '    }',
    '',
    '    static String header(HttpExchange exchange, String name) {',
    '        String value = exchange.getRequestHeaders().getFirst(name);',
    '        return value == null ? "" : value;',
    '    }',
    '',
    reader(plan),
    '',
    '    static void receive(HttpExchange exchange) throws IOException {',
    '        try {',
    format === 'query'
      ? [
          '            // A GET request has no body: the raw query string is signed.',
          '            String query = exchange.getRequestURI().getRawQuery();',
          '            byte[] payload = (query == null ? "" : query).getBytes(StandardCharsets.UTF_8);',
        ]
      : [
          '            // The bytes as they came are signed: check them before they are parsed.',
          `            byte[] payload = exchange.getRequestBody().readNBytes(${maxBytes} + 1);`,
          `            if (payload.length > ${maxBytes}) {`,
          '                answer(exchange, 413, "Too long.");',
          '                return;',
          '            }',
        ],
    '            if (!isGenuine(exchange, payload)) {',
    '                answer(exchange, 401, "The signature is not right.");',
    '                return;',
    '            }',
    '            for (var report : readReports(payload)) onReport(report, header(exchange, "webhook-id"));',
    `            answer(exchange, ${answer.status}, ${quoted(answer.body)});`,
    '        } catch (Exception error) {',
    '            error.printStackTrace();',
    '            answer(exchange, 500, "Not stored.");',
    '        } finally {',
    '            exchange.close();',
    '        }',
    '    }',
    '',
    '    static void answer(HttpExchange exchange, int status, String text) throws IOException {',
    '        byte[] body = text.getBytes(StandardCharsets.UTF_8);',
    '        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);',
    '        if (body.length > 0) exchange.getResponseBody().write(body);',
    '    }',
    '',
    `    public static void main(String[] arguments) throws IOException${isShared ? '' : ', GeneralSecurityException'} {`,
    isShared
      ? [
          '        String secret = System.getenv().getOrDefault("WEBHOOK_SECRET", "").replaceFirst("^whsec_", "");',
          '        if (secret.isEmpty()) {',
          '            throw new IllegalStateException("Set WEBHOOK_SECRET to the signing secret of the webhook.");',
          '        }',
          '        key = Base64.getDecoder().decode(secret);',
        ]
      : [
          '        String given = System.getenv().getOrDefault("WEBHOOK_PUBLIC_KEY", "").replaceFirst("^whpk_", "");',
          '        if (given.isEmpty()) {',
          '            throw new IllegalStateException("Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.");',
          '        }',
          '        // What stands before such a key in the encoding that Java reads.',
          '        byte[] head = Base64.getDecoder().decode("MCowBQYDK2VwAyEA");',
          '        byte[] bytes = Base64.getDecoder().decode(given);',
          '        byte[] encoded = Arrays.copyOf(head, head.length + bytes.length);',
          '        System.arraycopy(bytes, 0, encoded, head.length, bytes.length);',
          '        key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));',
        ],
    '        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));',
    '        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);',
    '        server.createContext("/", Receiver::receive);',
    '        server.setExecutor(Executors.newFixedThreadPool(8));',
    '        server.start();',
    '        System.err.println("Listening on port " + server.getAddress().getPort());',
    '    }',
    '}',
  ]);
}

const isGenuineBySecret = [
  '        Mac mac = Mac.getInstance("HmacSHA256");',
  '        mac.init(new SecretKeySpec(key, "HmacSHA256"));',
  '        mac.update(start);',
  '        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(payload)))',
  '            .getBytes(StandardCharsets.UTF_8);',
  '        boolean genuine = false;',
  '        for (String given : header(exchange, "webhook-signature").split(" ")) {',
  '            genuine |= MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));',
  '        }',
  '        return genuine;',
];

const isGenuineByKey = [
  '        for (String given : header(exchange, "webhook-signature").split(" ")) {',
  '            if (!given.matches("v1a,[A-Za-z0-9+/]{86}==")) continue;',
  '            Signature signature = Signature.getInstance("Ed25519");',
  '            signature.initVerify(key);',
  '            signature.update(start);',
  '            signature.update(payload);',
  '            if (signature.verify(Base64.getDecoder().decode(given.substring(4)))) return true;',
  '        }',
  '        return false;',
];

function handler({ format, shape, fields }: ReceiverPlan): Lines {
  const isJson = format === 'json';
  const read = (name: string) => (isJson ? `text(report, ${quoted(name)})` : `report.get(${quoted(name)})`);
  const put = (key: string, value: string) => `values.put(${quoted(key)}, ${value});`;
  if (shape === 'meta') {
    return [
      '        for (JsonNode message : report.path("messages")) {',
      '            Map<String, String> values = new LinkedHashMap<>();',
      [
        put('webhookId', 'webhookId'),
        put('wabaNumber', 'text(report.path("metadata"), "display_phone_number")'),
        put('messageId', 'text(message, "id")'),
        put('mobileNumber', 'text(message, "from")'),
        put('type', 'text(message, "type")'),
        put('text', 'text(message.path("text"), "body")'),
        ...fields.map(({ key, name }) => put(key, read(name))),
      ].map((line) => `            ${line}`),
      '            System.out.println(values);',
      '        }',
    ];
  }
  const lines =
    shape === 'operations'
      ? [
          put('type', read('type')),
          put('at', read('timestamp')),
          put('data', 'report.path("data").toString()'),
        ]
      : fields.map(({ key, name }) => put(key, read(name)));
  return [
    '        Map<String, String> values = new LinkedHashMap<>();',
    [put('webhookId', 'webhookId'), ...lines].map((line) => `        ${line}`),
    '        System.out.println(values);',
  ];
}

function reader({ format, many }: ReceiverPlan): Lines {
  switch (format) {
    case 'query':
    case 'form':
      return [
        '    // A value that is not known is empty.',
        '    static List<Map<String, String>> readReports(byte[] payload) {',
        '        Map<String, String> report = new LinkedHashMap<>();',
        '        for (String pair : new String(payload, StandardCharsets.UTF_8).split("&")) {',
        '            String[] parts = pair.split("=", 2);',
        '            report.put(decode(parts[0]), parts.length < 2 ? "" : decode(parts[1]));',
        '        }',
        '        return List.of(report);',
        '    }',
        '',
        '    static String decode(String text) {',
        '        return URLDecoder.decode(text, StandardCharsets.UTF_8);',
        '    }',
      ];
    case 'json':
      return [
        many ? '    // A request carries a list of reports.' : null,
        '    static List<JsonNode> readReports(byte[] payload) throws IOException {',
        '        JsonNode read = new ObjectMapper().readTree(payload);',
        many
          ? [
              '        List<JsonNode> reports = new ArrayList<>();',
              '        for (JsonNode report : read) reports.add(report);',
              '        return reports;',
            ]
          : '        return List.of(read);',
        '    }',
        '',
        '    static String text(JsonNode report, String name) {',
        '        JsonNode value = report.get(name);',
        '        if (value == null || value.isNull()) return null;',
        '        return value.isValueNode() ? value.asText() : value.toString();',
        '    }',
      ];
    case 'xml':
      return [
        '    // One element for each name; an empty one is a value that is not known.',
        '    static List<Map<String, String>> readReports(byte[] payload) throws Exception {',
        '        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();',
        '        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);',
        '        Element root = factory.newDocumentBuilder().parse(new ByteArrayInputStream(payload)).getDocumentElement();',
        many
          ? [
              '        List<Map<String, String>> reports = new ArrayList<>();',
              '        for (Node report = root.getFirstChild(); report != null; report = report.getNextSibling()) {',
              '            reports.add(readFields(report));',
              '        }',
              '        return reports;',
            ]
          : '        return List.of(readFields(root));',
        '    }',
        '',
        '    static Map<String, String> readFields(Node report) {',
        '        Map<String, String> fields = new LinkedHashMap<>();',
        '        for (Node field = report.getFirstChild(); field != null; field = field.getNextSibling()) {',
        '            fields.put(field.getNodeName(), field.getTextContent());',
        '        }',
        '        return fields;',
        '    }',
      ];
  }
}
