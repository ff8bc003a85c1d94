import type { Time } from '../../../common/time.ts';
import type { FetchedRecords } from '../api.ts';
import type { Fetcher } from './fetcher.ts';

/** What is there at once, else whatever arrives within `timeoutMs`; nothing when `interrupted` says so. */
export async function pollFetcher(
  fetcher: Fetcher,
  time: Time,
  timeoutMs: number,
  interrupted: () => boolean,
): Promise<FetchedRecords> {
  const deadline = time.hiResMilliseconds() + timeoutMs;
  for (;;) {
    if (interrupted()) return { records: [], gaps: [] };
    const fetched = fetcher.poll();
    if (fetched.records.length > 0 || fetched.gaps.length > 0) return fetched;
    const left = deadline - time.hiResMilliseconds();
    if (left <= 0) return fetched;
    await fetcher.wait(left);
  }
}
