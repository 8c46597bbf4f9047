/**
 * The account of whoever runs the gateway; there is one from the first start on. Its `hookwire` webhooks get the
 * operational events of every account.
 */
export const operatorAccountId = 'operator';
