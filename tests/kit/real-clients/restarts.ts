import type { Outcome, RestartReport } from './client-process.ts';

/** The judges of a report over restarts: each says what is wrong, or null. The log is what another client reads at last. */

/** All numbers are in the log, each once and in order, and every one was acknowledged. */
export function judgeProduced(report: RestartReport, log: readonly string[]): Outcome {
  const told = errorsOf(report, 'produce');
  if (told !== null) return told;
  if (report.acknowledged !== report.sent) return `${report.sent} were sent, ${report.acknowledged} acknowledged`;
  const wrong = log.findIndex((value, i) => value !== String(i));
  if (wrong >= 0) return `record ${wrong} is ${log[wrong]}`;
  return log.length === report.sent ? null : `${report.sent} were sent, ${log.length} are there`;
}

/** The first transaction was committed over a stop, the second aborted over a kill, the third committed. */
export function judgeTransactions(report: RestartReport, log: readonly string[]): Outcome {
  const told = errorsOf(report, 'transaction');
  if (told !== null) return told;
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  const expected = [...numbers(10).map((i) => `1-${i}`), ...numbers(5).map((i) => `3-${i}`)];
  return expected.join() === log.join() ? null : `committed are ${log.join()}`;
}

/** Every record came, in order; what came again was not committed. */
export function judgeConsumed(report: RestartReport, protocol: 'classic' | 'consumer'): Outcome {
  const told = errorsOf(report, protocol);
  if (told !== null) return told;
  let next = 0;
  let committed = 0;
  for (const event of report.read[protocol] ?? []) {
    if (event[0] === 'committed') {
      committed = Math.max(committed, event[1]);
      continue;
    }
    const [, offset, number] = event;
    if (number !== offset) return `record ${number} came with offset ${offset}`;
    if (offset > next) return `${next} to ${offset - 1} were skipped`;
    if (offset < committed) return `${offset} came again, ${committed} was committed`;
    next = offset + 1;
  }
  return next === report.sent ? null : `${report.sent} were sent, it read up to ${next}`;
}

function errorsOf({ errors }: RestartReport, of: string): Outcome {
  const told = errors.filter(([where]) => where === of).map(([, error]) => error);
  return told.length === 0 ? null : told.join('\n');
}
