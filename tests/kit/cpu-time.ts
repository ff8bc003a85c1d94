/** The CPU time, ms, that this process spends on `action`: unlike wall time it hardly depends on the machine's load. */
export function cpuMilliseconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
