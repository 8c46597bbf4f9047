import { csharpReceiver } from './csharp.ts';
import { goReceiver } from './go.ts';
import { javaReceiver } from './java.ts';
import { nodeReceiver } from './node.ts';
import { phpReceiver } from './php.ts';
import { planOf, type ReceivedWebhook, type ReceiverPlan, type SignatureKind } from './plan.ts';
import { pythonReceiver } from './python.ts';

/** A language that receivers are written in. */
export interface Language {
  /** As it stands in the URL. */
  readonly id: 'node' | 'python' | 'php' | 'java' | 'go' | 'csharp';
  readonly label: string;
  readonly file: string;
  readonly write: (plan: ReceiverPlan) => string;
}

export const languages: readonly [Language, ...Language[]] = [
  { id: 'node', label: 'Node', file: 'receiver.mjs', write: nodeReceiver },
  { id: 'python', label: 'Python', file: 'receiver.py', write: pythonReceiver },
  { id: 'php', label: 'PHP', file: 'receiver.php', write: phpReceiver },
  { id: 'java', label: 'Java', file: 'Receiver.java', write: javaReceiver },
  { id: 'go', label: 'Go', file: 'receiver.go', write: goReceiver },
  { id: 'csharp', label: 'C#', file: 'Program.cs', write: csharpReceiver },
];

/** A program that receives exactly what this webhook sends. */
export function receiverFor(
  webhook: ReceivedWebhook,
  language: Language,
  signature: SignatureKind = 'v1',
): string {
  return language.write(planOf(webhook, signature));
}
