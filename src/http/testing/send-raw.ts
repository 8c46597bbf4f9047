import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes that no HTTP client would, and reads what comes until the other side closes. */
export async function sendRaw(
  url: string,
  sent: string,
): Promise<{ readonly head: string; readonly body: Record<string, unknown> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += String(chunk);
  });
  socket.write(sent);
  await once(socket, 'close');
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { head, body: body === '' ? {} : JSON.parse(body) };
}
