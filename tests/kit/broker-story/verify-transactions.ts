import assert from 'node:assert/strict';
import type { EventOf } from './events.ts';
import { type Knowledge, said } from './knowledge.ts';

/**
 * Each is there whole or not at all, as it was ended. `shown`: texts of transactions that read_committed shows. Returns
 * how many were looked at.
 */
export function verifyTransactions(known: Knowledge, shown: ReadonlySet<string>): number {
  const sent = new Map<string, EventOf<'sent'>[]>();
  for (const event of known.of('sent')) {
    if (event.transaction === undefined) continue;
    const records = sent.get(event.transaction);
    if (records) records.push(event);
    else sent.set(event.transaction, [event]);
  }
  const outcomes = new Map(known.of('ending', 'ended').map((event) => [event.transaction, event]));
  for (const [transaction, records] of sent) {
    const count = records.filter(({ text }) => shown.has(text)).length;
    const outcome = outcomes.get(transaction);
    const all = records.length;
    const what = `transaction ${transaction}: ${count} of ${all} records are shown`;
    if (outcome?.kind === 'ended')
      assert.equal(count, outcome.committed ? all : 0, said(what, count, outcome.committed ? all : 0));
    else if (outcome?.committed) assert.ok(count === 0 || count === all, what);
    else assert.equal(count, 0, said(what, count, 0));
  }
  return sent.size;
}
