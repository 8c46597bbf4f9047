/** Named apart from `Product`, because an event names its product and a product has sample events. */
export type ProductId = 'sms' | 'whatsapp';
export type ReportType = 'dlr' | 'mo';
