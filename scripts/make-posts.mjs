// Writes the bundled posts, assets/posts/accounts.jsonl and posts.jsonl, from the phrases. Run it when those change.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeBundle } from '../main/connectors/twitter/bundle-writer.ts';
import { formatAccount, formatPost } from '../main/connectors/twitter/bundled-posts.ts';

const FOLDER = fileURLToPath(new URL('../assets/posts/', import.meta.url));

const { accounts, posts } = writeBundle();
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}accounts.jsonl`, accounts.map((account) => `${formatAccount(account)}\n`).join(''));
writeFileSync(`${FOLDER}posts.jsonl`, posts.map((post) => `${formatPost(post)}\n`).join(''));
console.log(`${posts.length} posts of ${accounts.length} accounts in ${FOLDER}`);
