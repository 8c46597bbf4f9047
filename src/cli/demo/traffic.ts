import type { JsonObject } from '../../core/event.ts';
import { products } from '../../core/products/index.ts';

/** Where chance and time come from. */
export interface TrafficSource {
  /** From 0 up to 1. */
  random(): number;
  /** ms since the Unix epoch. */
  now(): number;
}

export interface TrafficOptions extends TrafficSource {
  readonly accountId: string;
  /** Waba Numbers that people write to and get messages from. */
  readonly wabaNumbers: readonly [string, ...string[]];
}

/** Makes one event after another, each fit for `POST /v1/events`. */
export type Traffic = () => JsonObject;

interface OpenMessage {
  readonly messageId: string;
  readonly transactionId: string;
  readonly mobileNumber: string;
  readonly wabaNumber: string;
  readonly receivedTime: number;
  sentTime: number | null;
  deliveredTime: number | null;
}

const smsOutcomes = [
  { status: 'delivered', errorCode: '000', upTo: 0.88 },
  { status: 'failed', errorCode: '027', upTo: 0.94 },
  { status: 'expired', errorCode: '004', upTo: 0.98 },
  { status: 'rejected', errorCode: '088', upTo: 1 },
] as const;

const shareOfSms = 0.5;
const shareOfInbound = 0.15;
const openWhatsappMessages = 20;
const whatsappFailures = 0.05;

/**
 * A day at an aggregator: half SMS receipts, then WhatsApp messages that are sent, delivered and read one step at a
 * time (a few fail), and now and then somebody writes in.
 */
export function createTraffic(options: TrafficOptions): Traffic {
  const { random, now, accountId } = options;
  const open: OpenMessage[] = [];
  const messages = (products.whatsapp.samples.mo ?? []).map(
    ({ event }) => JSON.parse(event.message ?? '{}') as JsonObject,
  );

  const below = (limit: number): number => Math.floor(random() * limit);
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  const mobile = (): string => `919${digits(9)}`;
  const waba = (): string => options.wabaNumbers[below(options.wabaNumbers.length)] ?? options.wabaNumbers[0];
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

  function sms(): JsonObject {
    const chance = random();
    const outcome = smsOutcomes.find(({ upTo }) => chance < upTo) ?? smsOutcomes[0];
    const delivered = outcome.status === 'delivered';
    const receivedTime = now() - 2_000 - below(18_000);
    return {
      accountId,
      product: 'sms',
      reportType: 'dlr',
      transactionId: digits(17),
      messageId: `sms-${digits(12)}`,
      part: 1,
      status: outcome.status,
      errorCode: outcome.errorCode,
      mobileNumber: mobile(),
      receivedTime: iso(receivedTime),
      sentTime: iso(receivedTime + 400),
      deliveredTime: delivered ? iso(now()) : null,
    };
  }

  function newMessage(): OpenMessage {
    return {
      messageId: `wamid.${digits(24)}`,
      transactionId: digits(17),
      mobileNumber: mobile(),
      wabaNumber: waba(),
      receivedTime: now(),
      sentTime: null,
      deliveredTime: null,
    };
  }

  function step(message: OpenMessage): { status: string; errorCode: string; readTime: number | null } {
    if (message.sentTime === null) {
      message.sentTime = now();
      return { status: 'sent', errorCode: '000', readTime: null };
    }
    if (message.deliveredTime === null) {
      if (random() < whatsappFailures) return { status: 'failed', errorCode: '131026', readTime: null };
      message.deliveredTime = now();
      return { status: 'delivered', errorCode: '000', readTime: null };
    }
    return { status: 'read', errorCode: '000', readTime: now() };
  }

  function whatsapp(): JsonObject {
    const at = open.length < openWhatsappMessages ? open.push(newMessage()) - 1 : below(open.length);
    const message = open[at] ?? newMessage();
    const { status, errorCode, readTime } = step(message);
    if (status === 'failed' || status === 'read') open.splice(at, 1);
    return {
      accountId,
      product: 'whatsapp',
      reportType: 'dlr',
      productUniqueId: message.wabaNumber,
      transactionId: message.transactionId,
      messageId: message.messageId,
      status,
      errorCode,
      mobileNumber: message.mobileNumber,
      receivedTime: iso(message.receivedTime),
      sentTime: iso(message.sentTime),
      deliveredTime: iso(message.deliveredTime),
      readTime: iso(readTime),
    };
  }

  function inbound(): JsonObject {
    const from = mobile();
    const messageId = `wamid.${digits(24)}`;
    const sample = messages[below(messages.length)] ?? {
      type: 'text',
      text: { body: 'Hi' },
    };
    return {
      accountId,
      product: 'whatsapp',
      reportType: 'mo',
      productUniqueId: waba(),
      messageId,
      mobileNumber: from,
      profileName: 'Asha Rao',
      receivedTime: iso(now()),
      message: { ...sample, from, id: messageId, timestamp: String(Math.floor(now() / 1000)) },
    };
  }

  return () => {
    const kind = random();
    if (kind < shareOfSms) return sms();
    return kind < shareOfSms + shareOfInbound ? inbound() : whatsapp();
  };
}
