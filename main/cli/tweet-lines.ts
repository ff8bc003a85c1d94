import type { ConsumerRecord } from '../../common/kafka/records.ts';

/** What of a tweet's record is shown; null when the value is no such JSON (somebody else writes to the topic too). */
interface Tweet {
  text: string;
  lang: string;
  user: { screen_name: string };
}

/**
 * One line for a record: time, partition and offset, language, name and text, cut to the width of the terminal. Control
 * characters are shown, not obeyed.
 */
export function tweetLine(record: ConsumerRecord, width: number): string {
  const time = new Date(Number(record.timestamp)).toTimeString().slice(0, 8);
  const place = `${record.partition}:${record.offset}`.padEnd(8);
  const tweet = parseTweet(record.value);
  const what =
    tweet === null
      ? visible(Buffer.from(record.value ?? []).toString())
      : `${visible(tweet.lang).padEnd(3)} @${visible(tweet.user.screen_name).padEnd(15)} ${visible(tweet.text)}`;
  return cut(`${time}  ${place} ${what}`, width);
}

function parseTweet(value: Uint8Array | null): Tweet | null {
  try {
    // The id is not shown, so that it is read as a double does no harm here.
    const parsed = JSON.parse(Buffer.from(value ?? []).toString()) as Partial<Tweet> | null;
    const complete =
      typeof parsed?.text === 'string' &&
      typeof parsed.lang === 'string' &&
      typeof parsed.user?.screen_name === 'string';
    return complete ? (parsed as Tweet) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function visible(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, (c) => (c === '\u200d' ? c : ''));
}

/** Letters of East Asian scripts and pictures take two columns. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `width` columns; an ellipsis where something is left out. */
export function cut(text: string, width: number): string {
  let columns = 0;
  let kept = '';
  let fits = '';
  for (const { segment } of graphemes.segment(text)) {
    columns += WIDE.test(segment) ? 2 : 1;
    if (columns > width) return `${fits}…`;
    kept += segment;
    if (columns < width) fits = kept;
  }
  return kept;
}
