/** What two spellings of one phone number share: its digits. A text without digits stands for itself. */
export function mobileKey(mobileNumber: string): string {
  return mobileNumber.replace(/\D/g, '') || mobileNumber;
}
