import type { Feed } from './feed.ts';
import { LANGUAGES } from './phrases/index.ts';
import type { Post } from './post.ts';
import { type PostFilter, postFilter, type StreamFilter } from './post-filter.ts';
import { pick, type Random, seededRandom } from './random.ts';
import { Writer } from './writer.ts';

/** Posts that are written as they are needed, without end; all that the stream tracks is woven into them. */
export function generatorFeed(filter: StreamFilter, sample: boolean, seed: number): Feed {
  const languages = LANGUAGES.map(({ code }) => code).filter(
    (code) => filter.languages.length === 0 || filter.languages.some((wanted) => wanted.toLowerCase() === code),
  );
  if (languages.length === 0)
    return {
      warning: `The generator writes ${LANGUAGES.map(({ code }) => code).join(', ')}, not ${filter.languages.join(', ')}: nothing will come`,
      post: () => null,
    };
  const writer = new Writer(seed, languages);
  const passes = postFilter(filter, sample);
  const changes = sample
    ? []
    : usableChanges(
        writer.write(seededRandom(seed, 0), () => null),
        filter,
        passes,
      );
  if (!sample && changes.length === 0)
    return { warning: `No post can meet track.terms=${filter.track.join(',')}: nothing will come`, post: () => null };
  return {
    warning: null,
    post(n) {
      const random = seededRandom(seed, n);
      const earlier = () => writer.write(seededRandom(seed, Math.max(0, n - 1 - random.int(500))), () => null);
      const post = writer.write(random, (language) => {
        const original = earlier();
        return original.lang === language ? original : null;
      });
      return passes(post) ? post : pick(random, changes)(post, random);
    },
  };
}

type Change = (post: Post, random: Random) => Post;

/** The least that makes a post meet the filter: a word, an account's id, a place. */
function usableChanges(probe: Post, filter: StreamFilter, passes: PostFilter): Change[] {
  const changes: Change[] = [
    ...filter.track.map(
      (phrase): Change =>
        (post) =>
          withWords(post, phrase),
    ),
    ...filter.follow.map(
      (id): Change =>
        (post) => ({ ...post, person: { ...post.person, id } }),
    ),
    ...filter.locations.map(
      ([west, south, east, north]): Change =>
        (post, random) => {
          const between = (low: number, high: number) => low + random.next() * (high - low);
          return { ...post, coordinates: [between(west, east), between(south, north)] };
        },
    ),
  ];
  return changes.filter((change) => passes(change(probe, seededRandom(0, 0))));
}

/** One word becomes a hashtag; several, or other signs, are added as they are. */
function withWords(post: Post, phrase: string): Post {
  const words = /^[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*$/u.test(phrase) ? `#${phrase}` : phrase;
  const name = /^@(\w+)$/.exec(phrase)?.[1];
  return {
    ...post,
    text: `${post.text} ${words}`,
    mentions: name === undefined ? post.mentions : [...post.mentions, { ...post.person, screenName: name }],
  };
}
