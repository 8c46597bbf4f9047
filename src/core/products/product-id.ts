/** Named apart from `Product`, because an event names its product and a product has sample events. */
export type ProductId = 'sms' | 'whatsapp' | 'hookwire';
/** Delivery reports, inbound messages, and what the gateway itself reports. */
export type ReportType = 'dlr' | 'mo' | 'operations';
