/**
 * What an account reads where its webhook's host may not be called. The same for every such host, whatever it resolved
 * to and whether it is there at all: else webhooks would map the operator's network. The program's log tells more.
 */
export const blockedHostDetail =
  "The webhook's host is not allowed: the gateway calls only public addresses unless its operator allows more.";
