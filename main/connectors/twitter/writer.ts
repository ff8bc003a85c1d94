import { type Author, AuthorMaker } from './people.ts';
import { LANGUAGES } from './phrases/index.ts';
import type { Language, Topic } from './phrases/language.ts';
import type { Link, Post } from './post.ts';
import { pick, type Random, seededRandom } from './random.ts';
import { splitTop, Template } from './template.ts';

/** Where an account says it is, for the posts that show it: [longitude, latitude]. */
const PLACES: readonly (readonly [name: RegExp, longitude: number, latitude: number])[] = [
  [
    /frank|ffm|fra |bornheim|sachsenh|nordend|bockenheim|Франк|فرانك|フランク|프랑크|法兰克|Francf|Francof|Fráncf/i,
    8.682,
    50.111,
  ],
  [/berlin|Берлин/i, 13.405, 52.52],
  [/paris/i, 2.352, 48.857],
  [/london/i, -0.128, 51.507],
  [/milano/i, 9.19, 45.464],
  [/madrid/i, -3.703, 40.417],
  [/stanbul/i, 28.979, 41.015],
  [/東京/, 139.692, 35.69],
  [/서울/, 126.978, 37.567],
  [/上海/, 121.474, 31.23],
  [/warszawa/i, 21.012, 52.23],
  [/lisboa/i, -9.139, 38.722],
  [/hamburg/i, 9.993, 53.551],
  [/köln/i, 6.96, 50.938],
  [/münchen/i, 11.582, 48.135],
];

interface Subject {
  topic: Topic;
  tags: readonly string[];
  posts: readonly Template[];
}

interface Material {
  language: Language;
  subjects: readonly Subject[];
  replies: readonly Template[];
  authors: readonly Author[];
}

const TEXT_LIMIT = 280;
const ACCOUNTS = 900;

/** Writes posts from the phrases: the bundled ones (`scripts/make-posts.mjs`) and those of the generator. */
export class Writer {
  readonly #materials: readonly Material[];
  readonly #byName: ReadonlyMap<string, Author>;
  readonly authors: readonly Author[];

  /** The accounts follow from the seed. `languages` are BCP 47 codes; absent: all. */
  constructor(seed: number, languages?: readonly string[]) {
    const maker = new AuthorMaker(seededRandom(seed, 0));
    const chosen = LANGUAGES.filter((language) => languages?.includes(language.code) ?? true);
    const total = chosen.reduce((sum, language) => sum + language.weight, 0);
    this.#materials = chosen.map((language) =>
      material(language, Math.ceil((ACCOUNTS * language.weight) / total), maker),
    );
    this.authors = this.#materials.flatMap((one) => one.authors);
    this.#byName = new Map(this.authors.map((author) => [author.screenName, author]));
  }

  /** What a retweet repeats is asked of `earlier`. The same draws give the same post. */
  write(random: Random, earlier: (language: string) => Post | null): Post {
    const one = this.#chooseLanguage(random);
    const author = pick(random, one.authors);
    if (random.next() < 0.13) {
      const original = earlier(one.language.code);
      if (original !== null && original.person !== author && !original.retweet && !original.text.startsWith('@'))
        return retweet(author, original);
    }
    const draft = new Draft(random, one, author);
    if (random.next() < 0.09) draft.reply();
    else draft.post(this.#chooseSubject(random, one, author));
    return draft.finish();
  }

  author(screenName: string): Author | undefined {
    return this.#byName.get(screenName);
  }

  #chooseLanguage(random: Random): Material {
    const total = this.#materials.reduce((sum, one) => sum + one.language.weight, 0);
    let draw = random.next() * total;
    for (const one of this.#materials) if ((draw -= one.language.weight) < 0) return one;
    return this.#materials[0] as Material;
  }

  /** Mostly what the account is about; subjects with more phrases come more often. */
  #chooseSubject(random: Random, { subjects }: Material, author: Author): Subject {
    const own = random.next() < 0.55 ? subjects.filter((subject) => author.topics.includes(subject.topic)) : subjects;
    const total = own.reduce((sum, subject) => sum + subject.posts.length, 0);
    let draw = random.int(total);
    for (const subject of own) if ((draw -= subject.posts.length) < 0) return subject;
    return own[0] as Subject;
  }
}

function material(language: Language, accounts: number, maker: AuthorMaker): Material {
  const words = new Map(Object.entries(language.words));
  return {
    language,
    subjects: Object.entries(language.topics).map(([topic, { tags, posts }]) => ({
      topic: topic as Topic,
      tags: splitTop(tags),
      posts: Template.parseAll(posts, words),
    })),
    replies: Template.parseAll(language.replies, words),
    authors: Array.from({ length: accounts }, () => maker.make(language)),
  };
}

/** One post in the making: its text, and what its text names. */
class Draft {
  readonly #random: Random;
  readonly #material: Material;
  readonly #author: Author;
  readonly #mentions: Author[] = [];
  readonly #links: Link[] = [];
  #text = '';

  constructor(random: Random, of: Material, author: Author) {
    this.#random = random;
    this.#material = of;
    this.#author = author;
  }

  reply(): void {
    this.#text = this.#say(pick(this.#random, this.#material.replies));
  }

  post({ tags, posts }: Subject): void {
    const random = this.#random;
    this.#text = this.#say(pick(random, posts)).replace(/^the /, 'The ');
    if (random.next() < 0.06) this.#add(this.#mention());
    const wanted = [0, 0, 0, 1, 1, 1, 2, 2, 3][random.int(9)] as number;
    const left = tags.filter((tag) => !this.#text.toLowerCase().includes(tag.slice(1).toLowerCase()));
    for (let i = 0; i < wanted && left.length > 0; i++) this.#add(left.splice(random.int(left.length), 1)[0] as string);
    if (random.next() < 0.18)
      this.#add(
        pick(random, ['😊', '🙌', '☀️', '🌧️', '😅', '❤️', '👏', '🚲', '✈️', '☕', '🦅', '📷', '🤷', '✨', '🍏', '🎉']),
      );
  }

  finish(): Post {
    const random = this.#random;
    const photos =
      random.next() < 0.14 ? Array.from({ length: 1 + random.int(random.int(4) + 1) }, () => photoId(random)) : [];
    if (photos.length > 0) this.#add(photoUrl(photos[0] as bigint));
    return {
      person: this.#author,
      lang: this.#material.language.code,
      text: this.#text,
      retweet: false,
      mentions: this.#mentions,
      links: this.#links,
      photos,
      coordinates: random.next() < 0.12 ? coordinates(this.#author.location, random) : null,
    };
  }

  #say(template: Template): string {
    return template.expand(this.#random, { mention: () => this.#mention(), link: (page) => this.#link(page) });
  }

  /** Left out when the text would become too long. */
  #add(words: string): void {
    if (this.#text.length + 1 + words.length <= TEXT_LIMIT) this.#text += ` ${words}`;
  }

  #mention(): string {
    const others = this.#material.authors;
    let other = pick(this.#random, others);
    if (other === this.#author || this.#mentions.includes(other)) other = pick(this.#random, others);
    this.#mentions.push(other);
    return `@${other.screenName}`;
  }

  #link(page: string): string {
    const url = `https://t.example/${shortCode(this.#random)}`;
    const host = `${this.#author.screenName.toLowerCase().replaceAll('_', '-')}.example`;
    this.#links.push({ url, displayUrl: `${host}/${page}`, expandedUrl: `https://${host}/${page}` });
    return url;
  }
}

function retweet(author: Author, original: Post): Post {
  const text = `RT @${original.person.screenName}: ${original.text}`;
  return {
    ...original,
    person: author,
    text: text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT - 1)}…`,
    retweet: true,
    mentions: [original.person, ...original.mentions],
    coordinates: null,
  };
}

/** The link that stands in the text for the photos. */
export function photoUrl(id: bigint): string {
  return `https://t.example/p${(id % 100_000_000_007n).toString(36)}`;
}

function photoId(random: Random): bigint {
  return 1_500_000_000_000_000_000n + BigInt(random.int(2 ** 31)) * 200_000_033n + BigInt(random.int(1_000));
}

function shortCode(random: Random): string {
  return Array.from({ length: 10 }, () => CODE[random.int(CODE.length)]).join('');
}
const CODE = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

function coordinates(location: string | null, random: Random): readonly [number, number] | null {
  const place = PLACES.find(([name]) => location !== null && name.test(location));
  if (place === undefined) return null;
  const near = (degrees: number) => Number((degrees + (random.next() - 0.5) * 0.08).toFixed(5));
  return [near(place[1]), near(place[2])];
}
