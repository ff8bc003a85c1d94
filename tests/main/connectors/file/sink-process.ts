/**
 * A process of its own that appends numbered lines through the sink's task and says after each flush how many are
 * committed and how long the file is, until it is killed. Arguments: file, number of the first line, length of a line.
 */
import { statSync, writeSync } from 'node:fs';
import { fileStreamSink } from '../../../../main/connectors/file/file-stream-sink.ts';
import { sinkRecord, startSinkTask } from '../../../kit/sink-records.ts';

const [file = '', first = '0', length = '100'] = process.argv.slice(2);
try {
  const { task, log } = await startSinkTask(fileStreamSink, { file });
  for (const line of log) writeSync(2, `${line}\n`);
  for (let next = Number(first); ; ) {
    const lines = Array.from({ length: 40 }, () => `${next++} ${'x'.repeat(Number(length))}.`);
    await task.put(lines.map((line) => sinkRecord(line)));
    await task.flush?.([]);
    writeSync(1, `${next} ${statSync(file).size}\n`);
  }
} catch (error) {
  writeSync(2, `${(error as Error).constructor.name}: ${(error as Error).message}\n`);
  process.exitCode = 7;
}
