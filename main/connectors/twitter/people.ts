import type { Language, Topic } from './phrases/language.ts';
import { TOPICS } from './phrases/language.ts';
import type { Person } from './post.ts';
import { pick, type Random } from './random.ts';
import { splitTop } from './template.ts';

/** An account with what it writes about. */
export interface Author extends Person {
  language: string;
  topics: readonly Topic[];
}

/** Parts of screen names by what an account is about. */
const HANDLES: Readonly<Record<Topic, string>> = {
  city: 'skyline|main|ffm|urban|069|uferweg|cityview',
  travel: 'spotter|fra|gate|jetlag|onrails|window_seat|fernweh',
  transit: 'pendelt|sbahn|u4|gleis|rmv|tram',
  fair: 'books|lit|pages|halle4|translates',
  football: 'sge|adler|block40|1899|kurve',
  food: 'cooks|ebbelwoi|eats|market|brot',
  culture: 'art|museum|stage|reads|jazz',
  finance: 'markets|dax|bond|ledger|euro',
  tech: 'dev|data|kafka|codes|sql|ops',
  weather: 'wetter|sky|storm|cloud',
  life: 'runs|lives|daily|garden|ffm',
  elsewhere: 'trips|away|on_tour|letters|walks',
};

/** Makes accounts one after another; no two share a screen name or an id. */
export class AuthorMaker {
  readonly #random: Random;
  readonly #taken = new Set<string>();
  readonly #ids = new Set<bigint>();

  constructor(random: Random) {
    this.#random = random;
  }

  make(language: Language): Author {
    const random = this.#random;
    const [first, firstLatin] = name(pick(random, splitTop(language.first)));
    const [last, lastLatin] = name(pick(random, splitTop(language.last)));
    const available = TOPICS.filter((topic) => language.topics[topic] !== undefined);
    const main = pick(random, available);
    const topics = [...new Set([main, pick(random, available), pick(random, available)])];
    const followers = logNormal(random, 5.4, 1.7, 2_500_000);
    return {
      id: this.#nextId(),
      name: shownName(random, language, first, last),
      screenName: this.#screenName(firstLatin, lastLatin, main),
      location: random.next() < 0.22 ? null : pick(random, splitTop(language.locations)),
      verified: followers > 20_000 ? random.next() < 0.6 : random.next() < 0.008,
      friends: logNormal(random, 5.6, 1.1, 20_000),
      followers,
      statuses: logNormal(random, 7.2, 1.6, 400_000),
      language: language.code,
      topics,
    };
  }

  /** Old accounts have small ids; those since 2013 ids like a post's, beyond 2^53. */
  #nextId(): bigint {
    const random = this.#random;
    for (;;) {
      const id =
        random.next() < 0.45
          ? BigInt(12_000_000 + random.int(2_900_000_000))
          : 700_000_000_000_000_000n + BigInt(random.int(2 ** 31)) * 500_000_003n + BigInt(random.int(1_000));
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      return id;
    }
  }

  #screenName(first: string, last: string, topic: Topic): string {
    const random = this.#random;
    const [a, b] = [latin(first), latin(last)];
    const word = pick(random, HANDLES[topic].split('|'));
    for (;;) {
      const candidate = pick(random, [
        `${a}_${word}`,
        `${word}_${a}`,
        `${a}${b.slice(0, 1 + random.int(3))}`,
        `${a}.${b}`,
        `${a}${b}`,
        `${b}_${a.slice(0, 1)}`,
        `the_${a}`,
        `${a}${1 + random.int(99)}`,
        `${word}${b}`,
        `${a}_${b.slice(0, 1)}${random.int(100)}`,
        `${a}${word}${random.int(10)}`,
      ])
        .replace(/\./g, '_')
        .replace(/__+/g, '_')
        .replace(/_$/, '');
      if (candidate.length < 4 || candidate.length > 15 || this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return random.next() < 0.15 ? capitals(candidate) : candidate;
    }
  }
}

function name(text: string): [shown: string, latin: string] {
  const [shown = '', plain] = text.split('/');
  return [shown, plain ?? shown];
}

function shownName(random: Random, language: Language, first: string, last: string): string {
  const whole = language.familyFirst === undefined ? `${first} ${last}` : `${last}${language.familyFirst}${first}`;
  const draw = random.next();
  if (draw < 0.55) return whole;
  if (draw < 0.75) return first;
  if (draw < 0.85) return `${first} ${pick(random, ['🚲', '☕', '📚', '🌿', '🎧', '🦅', '✈️', '🌦️', '🎻', '🧵', '🐕'])}`;
  if (draw < 0.93 && language.familyFirst === undefined) return `${first} ${last.slice(0, 1)}.`;
  return first.toLowerCase();
}

function latin(text: string): string {
  return text
    .replace(/ß/g, 'ss')
    .replace(/[ıİ]/g, 'i')
    .replace(/ł/gi, 'l')
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

function capitals(text: string): string {
  return text.replace(/(^|_)([a-z])/g, (_, start: string, letter: string) => start + letter.toUpperCase());
}

/** Most have a few hundred, some very many. */
function logNormal(random: Random, mean: number, deviation: number, limit: number): number {
  const gauss = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(limit, Math.round(Math.exp(mean + deviation * gauss)));
}
