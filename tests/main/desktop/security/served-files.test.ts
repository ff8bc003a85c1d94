import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesIn, respond } from '../../../../main/desktop/security/served-files.ts';

const root = mkdtempSync(join(tmpdir(), 'runnel-served-'));
const page = join(root, 'renderer');
mkdirSync(join(page, 'assets'), { recursive: true });
writeFileSync(join(root, 'secret.txt'), 'secret');
writeFileSync(join(page, 'index.html'), '<script nonce="RUNNEL_CSP_NONCE"></script>');
writeFileSync(join(page, 'assets', 'index.js'), 'export {}');
symlinkSync(join(root, 'secret.txt'), join(page, 'link.txt'));
symlinkSync(root, join(page, 'folder'));
const files = filesIn(page);
afterAll(() => rmSync(root, { recursive: true }));

const get = (url: string, method = 'GET') => respond({ method, url }, files);

test('the page and its files are served, each with a policy and its type', async () => {
  const index = get('app://runnel/');
  expect(index.status).toBe(200);
  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = index.headers.get('content-security-policy') ?? '';
  const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1];
  expect(await index.text()).toBe(`<script nonce="${nonce}"></script>`);
  const script = get('app://runnel/assets/index.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('x-content-type-options')).toBe('nosniff');
});

test('each answer has a nonce of its own', () => {
  const policies = new Set(
    Array.from({ length: 20 }, () => get('app://runnel/').headers.get('content-security-policy')),
  );
  expect(policies.size).toBe(20);
});

test("the policy begins with 'none' and allows nothing unsafe", () => {
  const policy = get('app://runnel/').headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/);
  expect(policy).not.toContain('unsafe');
  expect(policy).not.toMatch(/https?:|\*/);
});

test.each([
  'app://runnel/../secret.txt',
  'app://runnel/..%2fsecret.txt',
  'app://runnel/..%2f..%2f..%2fetc/passwd',
  'app://runnel/%2e%2e/secret.txt',
  'app://runnel/assets/../../secret.txt',
  'app://runnel/assets/..%5c..%5csecret.txt',
  'app://runnel//etc/passwd',
  'app://runnel/index.html%00.js',
  'app://runnel/index.html%00',
  'app://runnel/link.txt',
  'app://runnel/folder/secret.txt',
  'app://runnel/assets',
  'app://runnel/assets/',
  'app://runnel/constructor',
  'app://runnel/__proto__',
  'app://other/index.html',
  'app://runnel.example/index.html',
])('%s is not found', (url) => {
  const response = get(url);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('nothing but GET is answered', () => {
  for (const method of ['POST', 'PUT', 'HEAD', 'DELETE']) expect(get('app://runnel/', method).status).toBe(404);
});
