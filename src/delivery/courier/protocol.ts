import type { Conclusion } from '../../core/delivery.ts';
import type { HealthChange, OpenBreaker } from '../../core/delivery-observer.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { RegisteredWebhook } from '../../routing/registry.ts';
import type { RequeuedDelivery, RequeueRequest } from '../../stores/ports/delivery-log.ts';
import type { ReplayRequest } from '../replay.ts';
import type { AttemptBundle } from './attempt-bundle.ts';
import type { PackedDelivery } from './packed-delivery.ts';

/** What is asked of a courier, and what it answers with. */
export interface CourierQuestions {
  /** Takes up what waits in the store; answered when the store has been asked. */
  start: { readonly argument: null; readonly answer: null };
  /** Answered when it knows what waits. */
  takenUp: { readonly argument: null; readonly answer: null };
  /** Answered when everything that it was told before has had its effect. */
  heard: { readonly argument: null; readonly answer: null };
  replay: { readonly argument: ReplayRequest; readonly answer: null };
  clockSetBack: { readonly argument: null; readonly answer: null };
  gone: { readonly argument: string; readonly answer: null };
  requeueMany: { readonly argument: RequeueRequest; readonly answer: readonly RequeuedDelivery[] };
  skipWaiting: {
    readonly argument: { readonly webhookId: string; readonly reason: string; readonly now: number };
    readonly answer: number;
  };
  /** Sends nothing more; within so many ms. */
  stop: { readonly argument: number; readonly answer: null };
  /** Records what it has, and lets go of everything. */
  close: { readonly argument: null; readonly answer: null };
}

export type CourierQuestion = keyof CourierQuestions;

/** What the main thread tells a courier, in its order. */
export type ToCourier =
  | { readonly kind: 'webhook'; readonly webhookId: string; readonly now: RegisteredWebhook | null }
  | { readonly kind: 'wake'; readonly webhookId: string }
  | { readonly kind: 'slowDown' }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly question: CourierQuestion;
      readonly argument: unknown;
    }
  /** What it asked to be disabled is, or could not be. */
  | { readonly kind: 'disabled'; readonly id: number; readonly done: boolean };

/** An error of the store, as it crosses threads. */
export interface ToldError {
  readonly message: string;
  readonly code: string | null;
}

/** What a courier tells the main thread, in the order in which it happened. */
export type FromCourier =
  | { readonly kind: 'attempted'; readonly attempts: AttemptBundle }
  | { readonly kind: 'concluded'; readonly conclusion: Conclusion; readonly delivery: PackedDelivery }
  | {
      readonly kind: 'skipped';
      readonly webhookId: string;
      readonly reason: string;
      readonly deliveries: number;
    }
  | { readonly kind: 'healthChanged'; readonly webhookId: string; readonly change: HealthChange }
  | { readonly kind: 'breakerChanged'; readonly webhookId: string; readonly open: OpenBreaker | null }
  | { readonly kind: 'paceLearnt'; readonly webhookId: string; readonly perSecond: number | null }
  | { readonly kind: 'disable'; readonly id: number; readonly webhookId: string; readonly reason: string }
  | { readonly kind: 'shortage'; readonly of: Shortage }
  | { readonly kind: 'proxyNews'; readonly news: ProxyNews }
  | { readonly kind: 'hostRefused'; readonly host: string; readonly reason: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ToldError };
