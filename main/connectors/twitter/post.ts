/** An account. All are made up. */
export interface Person {
  id: bigint;
  name: string;
  screenName: string;
  location: string | null;
  verified: boolean;
  friends: number;
  followers: number;
  statuses: number;
}

export interface Link {
  /** As it stands in the text. */
  url: string;
  displayUrl: string;
  expandedUrl: string;
}

/** A post without what it gets when it is sent: id and time. */
export interface Post {
  person: Person;
  /** BCP 47 */
  lang: string;
  text: string;
  /** Somebody's post passed on: the text begins with `RT @name: `. */
  retweet: boolean;
  /** Who is named in the text, in its order. */
  mentions: readonly Person[];
  links: readonly Link[];
  /** Ids of its photos; the text ends in the link to the first. */
  photos: readonly bigint[];
  /** [longitude, latitude], where the account shows it. */
  coordinates: readonly [number, number] | null;
}

/** The words after `#`, in the order of the text. */
export function hashtagsOf(text: string): string[] {
  return Array.from(text.matchAll(HASHTAG), (match) => match[1] as string);
}

const HASHTAG = /(?<![\p{L}\p{N}_&])#([\p{L}\p{N}_\p{M}]*\p{L}[\p{L}\p{N}_\p{M}]*)/gu;
