import { javaDouble, javaFloat } from '../../../main/connect/api/java-number.ts';
import type { Answer, Case, Question } from './cases.ts';

/** Undefined when our answer is what it should be, else both answers. */
export function check({ ask, ours }: Case, java: Answer, answer: Answer): string | undefined {
  const show = `java ${JSON.stringify(java)}\nours ${JSON.stringify(answer)}`;
  if (ask.kind === 'number-text') return sameNumber(ask, java, answer) ? undefined : show;
  if (ours === undefined) return JSON.stringify(answer) === JSON.stringify(java) ? undefined : show;
  if (JSON.stringify(answer) === JSON.stringify(java)) return `no longer different: ${show}`;
  const as =
    'ok' in ours
      ? 'ok' in answer && JSON.stringify(answer.ok) === JSON.stringify(ours.ok)
      : 'error' in answer && answer.error[1].includes(ours.error);
  return as ? undefined : `meant ${JSON.stringify(ours)}\n${show}`;
}

/** Java before 19 prints a digit too many for some numbers (JDK-4511638); we print the shortest, as newer ones do. */
function sameNumber(ask: Question & { kind: 'number-text' }, java: Answer, answer: Answer): boolean {
  if (!('ok' in java && 'ok' in answer)) return false;
  const [theirs, ours] = [java.ok as string, answer.ok as string];
  if (theirs === ours) return true;
  const print = ask.type === 'float32' ? javaFloat : javaDouble;
  return ours.length <= theirs.length + 1 && print(Number(theirs)) === ours;
}
