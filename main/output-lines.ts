import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Time } from '../common/time.ts';

const CHARACTERS_PER_SECOND = 65_536;
const MAX_LINE = 8_192;

/**
 * What a process prints, line by line. One that prints more than can be read is not read for the rest of the second: it
 * waits then, and nobody else.
 */
export function outputLines(stream: Readable, time: Time, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let second = 0;
  let characters = 0;
  const tell = (line: string) => line.trim() !== '' && onLine(line.slice(0, MAX_LINE).trimEnd());
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() as string;
    if (rest.length > MAX_LINE) lines.push(rest);
    if (rest.length > MAX_LINE) rest = '';
    for (const line of lines) tell(line);
    const now = Math.floor(time.hiResMilliseconds() / 1_000);
    if (now !== second) characters = 0;
    second = now;
    characters += chunk.length;
    if (characters < CHARACTERS_PER_SECOND) return;
    stream.pause();
    time.timer(1_000, () => stream.resume());
  });
  stream.on('end', () => tell(rest + decoder.end()));
}
