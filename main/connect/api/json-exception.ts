import { DataException } from '../../../common/errors.ts';

/** What is no JSON; the text never quotes it, it may be a secret. */
export class JsonException extends DataException {
  override readonly javaClass: string = 'com.fasterxml.jackson.core.JsonParseException';
}
