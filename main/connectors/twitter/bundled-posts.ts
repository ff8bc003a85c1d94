import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectException } from '../../../common/errors.ts';
import type { Link, Person, Post } from './post.ts';

/**
 * The posts that come with the program: `assets/posts/accounts.jsonl` and `posts.jsonl`, a JSON object a line. A post
 * names its account, and whom it mentions, by screen name; what is empty is left out. Ids are texts, as they exceed
 * what a JSON number keeps.
 */
interface AccountLine extends Omit<Person, 'id'> {
  id: string;
}

interface PostLine {
  by: string;
  lang: string;
  text: string;
  rt?: true;
  at?: readonly string[];
  links?: readonly (readonly [url: string, displayUrl: string, expandedUrl: string])[];
  photos?: readonly string[];
  geo?: readonly [number, number];
}

export function formatAccount({
  id,
  name,
  screenName,
  location,
  verified,
  friends,
  followers,
  statuses,
}: Person): string {
  const line: AccountLine = { id: id.toString(), name, screenName, location, verified, friends, followers, statuses };
  return JSON.stringify(line);
}

export function formatPost(post: Post): string {
  const line: PostLine = { by: post.person.screenName, lang: post.lang, text: post.text };
  if (post.retweet) line.rt = true;
  if (post.mentions.length > 0) line.at = post.mentions.map((person) => person.screenName);
  if (post.links.length > 0) line.links = post.links.map((link) => [link.url, link.displayUrl, link.expandedUrl]);
  if (post.photos.length > 0) line.photos = post.photos.map(String);
  if (post.coordinates !== null) line.geo = post.coordinates;
  return JSON.stringify(line);
}

export function parsePosts(accounts: string, posts: string): Post[] {
  const people = new Map<string, Person>();
  for (const line of linesOf(accounts)) {
    const account = JSON.parse(line) as AccountLine;
    people.set(account.screenName, { ...account, id: BigInt(account.id) });
  }
  const person = (screenName: string) => {
    const known = people.get(screenName);
    if (known === undefined) throw new Error(`The bundled posts name ${screenName}, who has no account`);
    return known;
  };
  return linesOf(posts).map((text) => {
    const line = JSON.parse(text) as PostLine;
    return {
      person: person(line.by),
      lang: line.lang,
      text: line.text,
      retweet: line.rt === true,
      mentions: (line.at ?? []).map(person),
      links: (line.links ?? []).map(([url, displayUrl, expandedUrl]): Link => ({ url, displayUrl, expandedUrl })),
      photos: (line.photos ?? []).map(BigInt),
      coordinates: line.geo ?? null,
    };
  });
}

/** Reads them from the program's folder; a few megabytes, so only when they are needed. */
export async function loadBundledPosts(folder = bundledFolder()): Promise<Post[]> {
  return parsePosts(
    await readFile(join(folder, 'accounts.jsonl'), 'utf8'),
    await readFile(join(folder, 'posts.jsonl'), 'utf8'),
  );
}

/** `assets/posts` lies in the program's folder, some folders above this file: in the sources and in the built program. */
function bundledFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const posts = join(folder, 'assets', 'posts');
    if (existsSync(join(posts, 'posts.jsonl'))) return posts;
    if (folder === dirname(folder))
      throw new ConnectException(
        'The bundled posts (assets/posts) are missing from this installation: install it again',
      );
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
