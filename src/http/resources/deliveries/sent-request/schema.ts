import Type from 'typebox';
import { closed, component, nullableText } from '../../../shapes/schema.ts';
import { trialRequest } from '../../webhooks/trial/schema.ts';

export const attemptParams = Type.Object({
  id: Type.String(),
  number: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
});

export const sentRequest = closed(
  {
    ...trialRequest.properties,
    exact: Type.Boolean({
      description: 'It is the request that was sent, byte for byte, masked header values aside.',
    }),
    note: nullableText({
      description: 'For people: what differs, or that nothing was sent; `null`: nothing to add.',
    }),
  },
  component('SentRequest', 'The request of an attempt, made again.'),
);
