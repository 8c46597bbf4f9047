import type { ProcessMessages } from '../stores/ports/process-messages.ts';

export interface Seal {
  seal(text: string, context: string): string;
  /** @throws where it was sealed with a key that is not at hand, or was changed */
  open(sealed: string, context: string): string;
}

/**
 * Messages whose bodies nobody but the processes can read: the store may write what is said to its disk for a while, where an
 * erasure does not find it, and whoever can say something there could have deliveries sent again.
 *
 * @param onUnreadable of a body that was sealed with another master key, which is not heard
 */
export function sealMessages(
  messages: ProcessMessages,
  { seal, open }: Seal,
  onUnreadable: (error: unknown) => void,
): ProcessMessages {
  const contextOf = (kind: string): string => `process message/${kind}`;
  return {
    ...messages,
    tell: (to, kind, body) => messages.tell(to, kind, seal(JSON.stringify(body ?? null), contextOf(kind))),
    on(kind, listener) {
      messages.on(kind, (sealed, from) => {
        let text: string;
        try {
          text = open(String(sealed), contextOf(kind));
        } catch (error) {
          onUnreadable(error);
          return;
        }
        listener(JSON.parse(text), from);
      });
    },
  };
}
