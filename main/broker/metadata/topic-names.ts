import { ApiException, Errors } from '../../protocol/messages/index.ts';

const MAX_LENGTH = 249;

/** Java: `Topic.validate`. A name that passes is a safe part of a file name. Throws INVALID_TOPIC_EXCEPTION. */
export function checkTopicName(name: string): void {
  const refuse = (reason: string): never => {
    throw new ApiException(Errors.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${reason}`);
  };
  if (name === '') refuse('the empty string is not allowed');
  if (name === '.' || name === '..') refuse(`'${name}' is not allowed`);
  if (name.length > MAX_LENGTH) refuse(`the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`);
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    refuse(`'${printable(name)}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`);
  }
}

/** Why a name can't be that of a topic; undefined when it can. */
export function topicNameError(name: string): ApiException | undefined {
  try {
    checkTopicName(name);
    return undefined;
  } catch (error) {
    if (error instanceof ApiException) return error;
    throw error;
  }
}

export function isTopicName(name: string): boolean {
  return topicNameError(name) === undefined;
}

/** Names that differ in '.' and '_' alone have the same metrics in Kafka, which refuses the second. */
export function collides(a: string, b: string): boolean {
  return a !== b && a.replaceAll('.', '_') === b.replaceAll('.', '_');
}

/** Control characters of a name that somebody sent reach neither log nor terminal as they are. */
function printable(name: string): string {
  return name
    .slice(0, MAX_LENGTH)
    .replace(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
