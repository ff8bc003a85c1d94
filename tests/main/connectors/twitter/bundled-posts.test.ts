import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../../../main/connectors/twitter/bundle-writer.ts';
import { formatAccount, formatPost, loadBundledPosts } from '../../../../main/connectors/twitter/bundled-posts.ts';
import { hashtagsOf } from '../../../../main/connectors/twitter/post.ts';

const FOLDER = join(import.meta.dirname, '../../../../assets/posts');
const posts = await loadBundledPosts();
const made = writeBundle();

test('the files are what scripts/make-posts.mjs makes of the phrases', () => {
  const lines = (text: readonly string[]) => text.map((line) => `${line}\n`).join('');
  expect(readFileSync(join(FOLDER, 'accounts.jsonl'), 'utf8')).toBe(lines(made.accounts.map(formatAccount)));
  expect(readFileSync(join(FOLDER, 'posts.jsonl'), 'utf8')).toBe(lines(made.posts.map(formatPost)));
});

test('a post read from the file is the post that was written', () => {
  const plain = ({ person, mentions, ...rest }: (typeof posts)[number]) => ({
    ...rest,
    by: [person.screenName, person.id, person.followers],
    at: mentions.map((m) => m.id),
  });
  expect(posts.map(plain)).toEqual(made.posts.map(plain));
});

test('there are five thousand, no text twice, in many languages, many about Frankfurt', () => {
  expect(posts.length).toBe(5_000);
  expect(new Set(posts.map((post) => post.text)).size).toBe(5_000);
  const perLanguage = Map.groupBy(posts, (post) => post.lang);
  expect(perLanguage.size).toBeGreaterThanOrEqual(14);
  for (const some of perLanguage.values()) expect(some.length).toBeGreaterThan(50);
  expect(posts.filter((post) => /frankfurt/i.test(post.text)).length).toBeGreaterThan(1_500);
});

test('texts are no longer than a post may be, and no template shows through', () => {
  for (const { text } of posts) {
    expect(text.length).toBeLessThanOrEqual(280);
    expect(text).not.toMatch(/[{}|]|undefined| {2}|^ | $/);
  }
});

test('entities stand in the text, and links lead to example domains only', () => {
  for (const { text, links, mentions, photos } of posts) {
    if (!text.endsWith('…')) {
      for (const link of links) expect(text).toContain(link.url);
      for (const person of mentions) expect(text).toContain(`@${person.screenName}`);
      expect((text.match(/https:\/\/\S+/g) ?? []).length).toBe(links.length + (photos.length > 0 ? 1 : 0));
    }
    for (const link of links) expect(link.expandedUrl).toMatch(/^https:\/\/[a-z0-9-]+\.example\/[a-z-]+$/);
  }
  expect(posts.filter((post) => hashtagsOf(post.text).length > 0).length).toBeGreaterThan(1_000);
});

test('accounts have names that Twitter would take, and ids on both sides of 2^53', () => {
  const { accounts } = made;
  expect(new Set(accounts.map((account) => account.id)).size).toBe(accounts.length);
  for (const account of accounts) expect(account.screenName).toMatch(/^\w{4,15}$/);
  const beyond = accounts.filter((account) => account.id > 2n ** 53n).length;
  expect(beyond).toBeGreaterThan(accounts.length / 3);
  expect(beyond).toBeLessThan(accounts.length);
});

test('a reader of a hundred posts sees no two that begin alike', () => {
  const opening = (text: string) =>
    text
      .replace(/[\d#@]\S*|\p{Emoji_Presentation}/gu, '')
      .trim()
      .slice(0, 18);
  for (let from = 0; from + 100 <= posts.length; from += 50) {
    const openings = posts.slice(from, from + 100).map((post) => opening(post.text));
    expect(new Set(openings).size).toBe(100);
  }
});
