import { formatWords, keyWords, type ReceiverPlan, signatureWords } from './plan.ts';
import { type Lines, program, quoted } from './text.ts';

/** A receiver for Go, with nothing but its standard library. */
export function goReceiver(plan: ReceiverPlan): string {
  const { format, answer, maxBytes } = plan;
  const isShared = plan.signature === 'v1';
  return program([
    `// Receives ${plan.reports} at ${plan.url} (${formatWords[format]}).`,
    '// Go 1.21 or newer, nothing to install:',
    '//',
    `//\t${keyWords(plan)} go run receiver.go`,
    'package main',
    '',
    'import (',
    importsOf(plan).map((name) => `\t"${name}"`),
    ')',
    '',
    'const tolerance = 5 * time.Minute',
    '',
    isShared ? 'var key []byte' : 'var key ed25519.PublicKey',
    '',
    'type report = map[string]any',
    '',
    '// Store the report here and do the work later. An error is answered with 500, and the report is sent again.',
    '// The same webhookID comes again when an answer was lost or somebody replays: act on it once.',
    'func onReport(r report, webhookID string) error {',
    handler(plan),
    '}',
    '',
    'func show(values report) error {',
    '\tline, err := json.Marshal(values)',
    '\tif err != nil {',
    '\t\treturn err',
    '\t}',
    '\tfmt.Println(string(line))',
    '\treturn nil',
    '}',
    '',
    `// ${signatureWords[plan.signature]}`,
    '// There are two signatures while the secret is being changed.',
    'func isGenuine(header http.Header, payload []byte) bool {',
    '\tid, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")',
    '\tseconds, err := strconv.ParseInt(timestamp, 10, 64)',
    '\tif err != nil || time.Since(time.Unix(seconds, 0)).Abs() > tolerance {',
    '\t\treturn false',
    '\t}',
    isShared
      ? [
          '\tmac := hmac.New(sha256.New, key)',
          '\tmac.Write([]byte(id + "." + timestamp + "."))',
          '\tmac.Write(payload)',
          '\texpected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))',
          '\tfor _, given := range strings.Split(header.Get("webhook-signature"), " ") {',
          '\t\tif hmac.Equal(expected, []byte(given)) {',
        ]
      : [
          '\tsigned := append([]byte(id+"."+timestamp+"."), payload...)',
          '\tfor _, given := range strings.Split(header.Get("webhook-signature"), " ") {',
          '\t\tversion, value, _ := strings.Cut(given, ",")',
          '\t\tsignature, err := base64.StdEncoding.DecodeString(value)',
          '\t\tif version == "v1a" && err == nil && ed25519.Verify(key, signed, signature) {',
        ],
    '\t\t\treturn true',
    '\t\t}',
    '\t}',
    '\treturn false',
    '}',
    '',
    reader(plan),
    '',
    'func receive(w http.ResponseWriter, r *http.Request) {',
    format === 'query'
      ? [
          '\t// A GET request has no body: the raw query string is signed.',
          '\tpayload := []byte(r.URL.RawQuery)',
        ]
      : [
          '\t// The bytes as they came are signed: check them before they are parsed.',
          `\tpayload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, ${maxBytes}))`,
          '\tif err != nil {',
          '\t\thttp.Error(w, "Too long.", http.StatusRequestEntityTooLarge)',
          '\t\treturn',
          '\t}',
        ],
    '\tif !isGenuine(r.Header, payload) {',
    '\t\thttp.Error(w, "The signature is not right.", http.StatusUnauthorized)',
    '\t\treturn',
    '\t}',
    '\treports, err := readReports(payload)',
    '\tfor _, one := range reports {',
    '\t\tif err == nil {',
    '\t\t\terr = onReport(one, r.Header.Get("webhook-id"))',
    '\t\t}',
    '\t}',
    '\tif err != nil {',
    '\t\tlog.Println(err)',
    '\t\thttp.Error(w, "Not stored.", http.StatusInternalServerError)',
    '\t\treturn',
    '\t}',
    `\tw.WriteHeader(${answer.status})`,
    answer.body !== '' && `\tio.WriteString(w, ${quoted(answer.body)})`,
    '}',
    '',
    'func main() {',
    '\tvar err error',
    isShared
      ? [
          '\tkey, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))',
          '\tif err != nil || len(key) == 0 {',
          '\t\tlog.Fatal("Set WEBHOOK_SECRET to the signing secret of the webhook.")',
        ]
      : [
          '\tkey, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_PUBLIC_KEY"), "whpk_"))',
          '\tif err != nil || len(key) != ed25519.PublicKeySize {',
          '\t\tlog.Fatal("Set WEBHOOK_PUBLIC_KEY to the public key of the webhook.")',
        ],
    '\t}',
    '\tport := os.Getenv("PORT")',
    '\tif port == "" {',
    '\t\tport = "3000"',
    '\t}',
    '\tlistener, err := net.Listen("tcp", ":"+port)',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tlog.Println("Listening on port", listener.Addr().(*net.TCPAddr).Port)',
    '\tlog.Fatal(http.Serve(listener, http.HandlerFunc(receive)))',
    '}',
  ]);
}

function importsOf({ format, answer, signature }: ReceiverPlan): string[] {
  const names = [
    ...(signature === 'v1' ? ['crypto/hmac', 'crypto/sha256'] : ['crypto/ed25519']),
    ...['encoding/base64', 'encoding/json', 'fmt', 'log', 'net', 'net/http'],
    ...['os', 'strconv', 'strings', 'time'],
  ];
  if (format === 'xml') names.push('bytes', 'encoding/xml');
  if (format === 'query' || format === 'form') names.push('net/url');
  if (format !== 'query' || answer.body !== '') names.push('io');
  return names.sort();
}

function handler({ shape, fields }: ReceiverPlan): Lines {
  const read = (name: string) => `r[${quoted(name)}]`;
  if (shape === 'meta') {
    return [
      '\tmetadata, _ := r["metadata"].(report)',
      '\tmessages, _ := r["messages"].([]any)',
      '\tfor _, each := range messages {',
      '\t\tmessage, _ := each.(report)',
      '\t\ttext, _ := message["text"].(report)',
      '\t\terr := show(report{',
      entries('\t\t\t', [
        ['webhookId', 'webhookID'],
        ['wabaNumber', 'metadata["display_phone_number"]'],
        ['messageId', 'message["id"]'],
        ['mobileNumber', 'message["from"]'],
        ['type', 'message["type"]'],
        ['text', 'text["body"]'],
        ...fields.map(({ key, name }) => [key, read(name)] as const),
      ]),
      '\t\t})',
      '\t\tif err != nil {',
      '\t\t\treturn err',
      '\t\t}',
      '\t}',
      '\treturn nil',
    ];
  }
  if (shape === 'operations') {
    return [
      '\treturn show(report{"webhookId": webhookID, "type": r["type"], "at": r["timestamp"], "data": r["data"]})',
    ];
  }
  return [
    '\treturn show(report{',
    entries('\t\t', [
      ['webhookId', 'webhookID'],
      ...fields.map(({ key, name }) => [key, read(name)] as const),
    ]),
    '\t})',
  ];
}

/** The entries of a map, their values below each other as gofmt has it. */
function entries(indent: string, pairs: readonly (readonly [key: string, value: string])[]): string[] {
  const keys = pairs.map(([key]) => `${quoted(key)}:`);
  const width = Math.max(...keys.map((key) => key.length));
  return pairs.map(([, value], index) => `${indent}${(keys[index] ?? '').padEnd(width)} ${value},`);
}

function reader({ format, many }: ReceiverPlan): Lines {
  switch (format) {
    case 'query':
    case 'form':
      return [
        '// A value that is not known is empty.',
        'func readReports(payload []byte) ([]report, error) {',
        '\tvalues, err := url.ParseQuery(string(payload))',
        '\tone := report{}',
        '\tfor name := range values {',
        '\t\tone[name] = values.Get(name)',
        '\t}',
        '\treturn []report{one}, err',
        '}',
      ];
    case 'json':
      return [
        many ? '// A request carries a list of reports.' : null,
        'func readReports(payload []byte) ([]report, error) {',
        many
          ? ['\tvar reports []report', '\terr := json.Unmarshal(payload, &reports)', '\treturn reports, err']
          : ['\tvar one report', '\terr := json.Unmarshal(payload, &one)', '\treturn []report{one}, err'],
        '}',
      ];
    case 'xml':
      return [
        '// One element for each name; an empty one is a value that is not known.',
        'func readReports(payload []byte) ([]report, error) {',
        '\tdecoder := xml.NewDecoder(bytes.NewReader(payload))',
        '\tvar reports []report',
        '\tdepth, name := 0, ""',
        '\tfor {',
        '\t\ttoken, err := decoder.Token()',
        '\t\tif err == io.EOF {',
        '\t\t\treturn reports, nil',
        '\t\t} else if err != nil {',
        '\t\t\treturn nil, err',
        '\t\t}',
        '\t\tswitch t := token.(type) {',
        '\t\tcase xml.StartElement:',
        `\t\t\tif depth == ${many ? 1 : 0} {`,
        '\t\t\t\treports = append(reports, report{})',
        `\t\t\t} else if depth == ${many ? 2 : 1} {`,
        '\t\t\t\tname = t.Name.Local',
        '\t\t\t\treports[len(reports)-1][name] = ""',
        '\t\t\t}',
        '\t\t\tdepth++',
        '\t\tcase xml.CharData:',
        `\t\t\tif depth == ${many ? 3 : 2} {`,
        '\t\t\t\treports[len(reports)-1][name] = string(t)',
        '\t\t\t}',
        '\t\tcase xml.EndElement:',
        '\t\t\tdepth--',
        '\t\t}',
        '\t}',
        '}',
      ];
  }
}
