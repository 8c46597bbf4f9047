import { parseWebhookConfig } from '../resources/webhooks/input/parse.ts';

export const names = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
export const sms = {
  product: 'sms',
  reportType: 'dlr',
  method: 'GET',
  url: 'https://example.com/dlr',
  parameterNames: names,
};
export const whatsapp = { ...sms, product: 'whatsapp', productUniqueId: '919999999999' };
export const mo = { product: 'whatsapp', reportType: 'mo', method: 'POST', url: 'https://example.com/mo' };

export function errorsOf(input: unknown): Record<string, string> {
  const parsed = parseWebhookConfig(JSON.parse(JSON.stringify(input)), (url) =>
    url.includes('10.0.0.1') ? 'calls 10.0.0.1, which is private.' : null,
  );
  return 'errors' in parsed ? Object.fromEntries(parsed.errors.map((e) => [e.path, e.message])) : {};
}

export function configOf(input: unknown) {
  const parsed = parseWebhookConfig(input);
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.config;
}

export const custom = (name: string, value = 'v') => ({ customParameters: [{ name, value }] });
export const header = (name: string, value = 'v') => ({ customHeaders: [{ name, value }] });
export const settings = (given: object) => ({ settings: given });
export const named = (given: object) => ({ parameterNames: { ...names, ...given } });
export const without = (field: keyof typeof names) => {
  const { [field]: _gone, ...rest } = names;
  return { parameterNames: rest };
};
