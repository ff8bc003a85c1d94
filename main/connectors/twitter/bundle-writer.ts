import type { Post } from './post.ts';
import { pick, seededRandom } from './random.ts';
import { Writer } from './writer.ts';

const SEED = 20_161_118;
const POSTS = 5_000;
/** A reader who scrolls so far sees nothing begin or end alike. */
const APART = 150;
const OPENING = 18;

/** The posts that are bundled: the same ones at every run, no text twice, none that begins or ends like another close by. */
export function writeBundle(): { accounts: Writer['authors']; posts: readonly Post[] } {
  const writer = new Writer(SEED);
  const posts: Post[] = [];
  const texts = new Set<string>();
  const recent: string[] = [];
  for (let draw = 0; posts.length < POSTS; draw++) {
    const random = seededRandom(SEED, draw);
    const earlier = (language: string) => {
      const known = posts.filter((post) => post.lang === language);
      return known.length < 3 ? null : pick(random, known);
    };
    const post = writer.write(random, earlier);
    // Numbers, names and tags change where a template is used again; its other words stay.
    const words = post.text.replace(/[\d#@]\S*|https:\S+|\p{Emoji_Presentation}/gu, '').trim();
    const marks = [words.slice(0, OPENING), words.slice(-OPENING)];
    if (texts.has(post.text) || marks.some((mark) => recent.includes(mark))) continue;
    texts.add(post.text);
    recent.push(...marks);
    if (recent.length > 2 * APART) recent.splice(0, 2);
    posts.push(post);
  }
  const used = new Set(posts.flatMap((post) => [post.person.screenName, ...post.mentions.map((m) => m.screenName)]));
  return { accounts: writer.authors.filter((author) => used.has(author.screenName)), posts };
}
