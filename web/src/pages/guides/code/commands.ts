/** Commands for a POSIX shell, against this gateway. */
export function commands(origin: string) {
  return {
    setUp: `KEY=hw_…
api() { curl -s "${origin}/v1/$1" -H "authorization: Bearer $KEY" -H 'content-type: application/json' "\${@:2}"; echo; }

api webhooks`,
    create: `api webhooks -d '{
  "product": "sms", "reportType": "dlr",
  "method": "JSON", "url": "https://example.com/dlr",
  "parameterNames": {
    "transactionId": "txn_id", "messageId": "msg_id", "errorCode": "error_code",
    "mobileNumber": "mobile", "receivedTime": "received_time", "deliveredTime": "delivered_time"
  },
  "customParameters": [{ "name": "tenant", "value": "42" }]
}'`,
    event: `api events -d '{
  "product": "sms", "reportType": "dlr",
  "transactionId": "81934341034091431", "messageId": "shdgMj33hk8", "status": "delivered", "errorCode": "000",
  "mobileNumber": "919812345678",
  "receivedTime": "2026-11-22T10:15:30.000Z", "deliveredTime": "2026-11-22T10:15:33.000Z"
}'`,
    find: `api 'deliveries?messageId=shdgMj33hk8'`,
    replay: 'api deliveries/dlv_…/replay -X POST',
  };
}
