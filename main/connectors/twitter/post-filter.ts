import { hashtagsOf, type Post } from './post.ts';

/** What the stream is asked for; Twitter's words for it. A post passes when any of the three is met, and the language. */
export interface StreamFilter {
  /** Phrases: all words of one must be there, in any order and case. `#tag` asks for a hashtag, `@name` for a mention. */
  track: readonly string[];
  /** Account ids: their posts, and posts of theirs that are passed on. */
  follow: readonly bigint[];
  /** Boxes: the south-western corner, then the north-eastern one, longitude first. */
  locations: readonly (readonly [west: number, south: number, east: number, north: number])[];
  /** BCP 47; empty: all. `pt` takes `pt-br` as well. */
  languages: readonly string[];
}

export type PostFilter = (post: Post) => boolean;

/** `sample`: only the languages count, as in Twitter's sample stream. */
export function postFilter(filter: StreamFilter, sample: boolean): PostFilter {
  const languages = filter.languages.map((language) => language.toLowerCase());
  const speaks = (post: Post) =>
    languages.length === 0 ||
    languages.some((language) => post.lang === language || post.lang.startsWith(`${language}-`));
  if (sample) return speaks;
  const phrases = filter.track.map(parsePhrase);
  const follow = new Set(filter.follow);
  return (post) =>
    speaks(post) &&
    (phrases.some((phrase) => matches(phrase, post)) ||
      follow.has(post.person.id) ||
      (post.retweet && follow.has(post.mentions[0]?.id ?? -1n)) ||
      filter.locations.some((box) => contains(box, post.coordinates)));
}

interface Phrase {
  words: readonly string[];
  hashtags: readonly string[];
  mentions: readonly string[];
  /** Words of a script without spaces are looked for anywhere in the text. */
  parts: readonly string[];
}

function parsePhrase(text: string): Phrase {
  const terms = text.toLowerCase().split(/\s+/).filter(Boolean);
  const plain = terms.filter((term) => !/^[#@]./.test(term)).flatMap(wordsOf);
  return {
    hashtags: terms.filter((term) => term.startsWith('#') && term.length > 1).map((term) => term.slice(1)),
    mentions: terms.filter((term) => term.startsWith('@') && term.length > 1).map((term) => term.slice(1)),
    words: plain.filter((word) => !UNSPACED.test(word)),
    parts: plain.filter((word) => UNSPACED.test(word)),
  };
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Punctuation separates words and belongs to none: `frankfurt` is in `#Frankfurt`, `@frankfurt` and `frankfurt!`. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
}

function matches(phrase: Phrase, post: Post): boolean {
  const { words, hashtags, mentions, parts } = phrase;
  if (words.length + hashtags.length + mentions.length + parts.length === 0) return false;
  if (parts.length > 0) {
    const text = post.text.toLowerCase();
    if (!parts.every((part) => text.includes(part))) return false;
  }
  if (hashtags.length > 0) {
    const own = hashtagsOf(post.text).map((tag) => tag.toLowerCase());
    if (!hashtags.every((tag) => own.includes(tag))) return false;
  }
  const names = post.mentions.map((person) => person.screenName.toLowerCase());
  if (!mentions.every((name) => names.includes(name))) return false;
  if (words.length === 0) return true;
  const all = new Set(wordsOf(post.text));
  for (const link of post.links) {
    for (const word of wordsOf(`${link.displayUrl} ${link.expandedUrl}`)) all.add(word);
  }
  return words.every((word) => all.has(word));
}

function contains(box: StreamFilter['locations'][number], at: Post['coordinates']): boolean {
  const [west, south, east, north] = box;
  return at !== null && at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north;
}
