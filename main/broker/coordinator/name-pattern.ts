import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A repetition such as `x{0,1000}` is that many states; a name has no more than 249 characters. */
const MAX_REPETITIONS = 1000;
const MAX_LENGTH = 10_000;

/** Says what is wrong with a pattern, as RE2/J says it. */
export class NamePatternException extends Error {
  override readonly name = 'NamePatternException';
}

/**
 * Whether a name as a whole matches a pattern that a client sent: RE2/J's syntax, which Kafka takes, in time linear in
 * the name, whatever the pattern is.
 *
 * @throws NamePatternException for a pattern that is none, or a needlessly large one
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  const repetitions = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  const states = repetitions.reduce((sum, [, min, max]) => sum + Math.max(Number(min), Number(max ?? 0)), 0);
  if (pattern.length > MAX_LENGTH || states > MAX_REPETITIONS) throw new NamePatternException('pattern too large');
  try {
    const compiled = RE2JS.compile(pattern);
    return (name) => compiled.matches(name);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new NamePatternException(error.getDescription());
  }
}
