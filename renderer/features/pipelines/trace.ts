/** The message of a Java trace's innermost cause, which is what went wrong in plain words. */
export function plainReason(trace: string): string {
  const lines = trace.split('\n');
  const cause = lines.findLast((line) => line.startsWith('Caused by: ')) ?? lines[0] ?? '';
  const message = cause.replace(/^Caused by: /, '').replace(/^[\w$]+(?:\.[\w$]+)+(?:: |$)/, '');
  return message || cause || 'There is no trace';
}
