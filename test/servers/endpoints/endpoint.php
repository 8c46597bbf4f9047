<?php
// What PHP makes of a request by its usual means, as a line of JSON in a file.
function tree(SimpleXMLElement $element): array {
    $children = [];
    foreach ($element->children() as $child) $children[] = tree($child);
    return [$element->getName(), count($children) > 0 ? $children : (string) $element];
}

$body = file_get_contents('php://input');
// mod_php runs the script with nothing where Apache refuses the body by its length.
if ($body === '' && $_SERVER['REQUEST_METHOD'] === 'POST') return;
$type = $_SERVER['CONTENT_TYPE'] ?? '';
$record = [
    'id' => $_SERVER['HTTP_WEBHOOK_ID'] ?? '',
    'method' => $_SERVER['REQUEST_METHOD'],
    'query' => (object) $_GET,
    'form' => (object) $_POST,
    'json' => str_contains($type, 'json') ? json_decode($body) : null,
    'xml' => str_contains($type, 'xml') ? tree(simplexml_load_string($body)) : null,
    'apiKey' => $_SERVER['HTTP_X_API_KEY'] ?? null,
    'port' => (int) $_SERVER['REMOTE_PORT'],
];
$line = json_encode($record, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n";
file_put_contents($_SERVER['ENDPOINT_LOG'], $line, FILE_APPEND | LOCK_EX);
header('Content-Type: text/plain');
echo 'ok';
