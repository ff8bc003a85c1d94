/** Kafka's Uuid.ZERO_UUID: no id. Ids are text in base64url without padding, as Kafka prints them. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

const TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/;

export function isUuid(text: string): boolean {
  return TEXT.test(text);
}
