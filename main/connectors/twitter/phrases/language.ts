/** What people write about; also what an account is about. */
export const TOPICS = [
  'city',
  'travel',
  'transit',
  'fair',
  'football',
  'food',
  'culture',
  'finance',
  'tech',
  'weather',
  'life',
  'elsewhere',
] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * The material of one language. Lists are texts with `|` between their members. Posts are templates: `{name}` is one of
 * that list in `words`, `{a|b|}` one of these (or nothing), `{n:3-9}` a number, `{time}` a time of day, `{@}` the
 * mention of a person, `{link:a|b}` a link to one of these pages.
 */
export interface Language {
  code: string;
  /** Its share among all posts. */
  weight: number;
  /** Names as they are shown; `Олена/olena` where the screen name can't be made of the shown letters. */
  first: string;
  last: string;
  /** Set where the family name comes first: what stands between the two. */
  familyFirst?: '' | ' ';
  locations: string;
  words: Readonly<Record<string, string>>;
  topics: Readonly<Partial<Record<Topic, { tags: string; posts: readonly string[] }>>>;
  /** Answers to somebody; they begin with `{@}`. */
  replies: readonly string[];
}
