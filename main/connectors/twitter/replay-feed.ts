import type { Feed } from './feed.ts';
import type { Post } from './post.ts';
import type { PostFilter } from './post-filter.ts';

/** The bundled posts that pass, round and round; the seed says where in them it begins. */
export function replayFeed(bundled: readonly Post[], passes: PostFilter, seed: number): Feed {
  const posts = bundled.filter(passes);
  return {
    warning:
      posts.length === 0
        ? `None of the ${bundled.length} bundled posts passes track.terms, track.follow, track.locations and language: nothing will come (runnel.twitter.source=generator writes posts that do)`
        : null,
    post: (n) => (posts.length === 0 ? null : (posts[(n + seed) % posts.length] as Post)),
  };
}
