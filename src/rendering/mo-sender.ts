import type { Event } from '../core/event.ts';
import { readKept } from '../core/kept-json.ts';
import { asArray, asObject, asText } from './json-value.ts';

/** The event attribute under which a source keeps Meta's `contacts`, to be sent on as they came. */
export const metaContactsAttribute = 'contacts';

/** Who wrote an inbound message; `null` is what nothing says. */
export interface MoSender {
  readonly profileName: string | null;
  /** As somebody wrote it. */
  readonly mobileNumber: string | null;
  readonly userId: string | null;
  readonly parentUserId: string | null;
}

/**
 * What the event says of its sender, and what it does not say as Meta's contact or the message itself says it:
 * ```json
 * "contacts": [{ "profile": { "name": "Asha Rao" }, "wa_id": "919812345678", "user_id": "IN.1349…" }]
 * ```
 * @param says text that the message has under a name of Meta's
 */
export function senderOf(event: Event, says: (name: string) => string | null): MoSender {
  const contacts =
    event.attributes === null ? [] : asArray(readKept(event.attributes)[metaContactsAttribute]);
  const contact = asObject(contacts[0]);
  return {
    profileName: event.profileName ?? asText(asObject(contact.profile).name),
    mobileNumber: event.mobileNumber ?? asText(contact.wa_id) ?? says('from'),
    userId: event.userId ?? asText(contact.user_id) ?? says('from_user_id'),
    parentUserId: asText(contact.parent_user_id) ?? says('from_parent_user_id'),
  };
}
