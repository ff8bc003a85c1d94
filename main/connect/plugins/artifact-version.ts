/**
 * The order of versions as Connect has it: 1.0-rc1 < 1.0 < 1.0-sp < 1.0-ccs < 1.0.1 < 1.10. Java:
 * `org.apache.maven.artifact.versioning.ComparableVersion`.
 */
export function compareVersions(a: string, b: string): number {
  return compare(parse(a), parse(b));
}

/** A number, a word, or what stands behind a hyphen. */
type Item = bigint | string | Item[];

/** In their order; '' is the release itself, and words that are not here come behind them by the alphabet. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['ga', ''],
  ['final', ''],
  ['release', ''],
  ['cr', 'rc'],
]);
/** Before a digit only: `1.0a1`. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

/** Dots divide items; a hyphen, and each change between letters and digits, opens a list inside the list. */
function parse(version: string): Item[] {
  const root: Item[] = [];
  const lists = [root];
  let list = root;
  let token = '';
  const open = () => {
    if (list.length === 0) return;
    const inner: Item[] = [];
    list.push(inner);
    lists.push(inner);
    list = inner;
  };
  const take = (beforeDigit: boolean) => {
    const word = (beforeDigit ? SHORT.get(token) : undefined) ?? SYNONYMS.get(token) ?? token;
    list.push(isNumber(token) ? BigInt(token) : word);
    token = '';
  };
  for (const char of version.toLowerCase()) {
    if (char === '.' || char === '-') {
      if (token === '') list.push(0n);
      else take(false);
      if (char === '-') open();
      continue;
    }
    if (token !== '' && isNumber(token) !== isNumber(char)) {
      // A word with a number behind it stands behind a hyphen, whether there is one or not.
      if (isNumber(char)) open();
      take(isNumber(char));
      open();
    }
    token += char;
  }
  if (token !== '') {
    if (!isNumber(token)) open();
    take(false);
  }
  for (const each of lists.reverse()) normalize(each);
  return root;
}

function isNumber(token: string): boolean {
  return /^\d/.test(token);
}

/** `1.0.0` is `1`, `1.0-rc` is `1-rc`: zeros at an end mean nothing. */
function normalize(list: Item[]): void {
  for (let i = list.length - 1; i >= 0; i--) {
    const next = list[i + 1];
    const wordBehindHyphen = Array.isArray(next) && typeof next[0] === 'string';
    if (isNothing(list[i] as Item) && (next === undefined || wordBehindHyphen)) list.splice(i, 1);
  }
}

function isNothing(item: Item): boolean {
  return item === 0n || item === '' || (Array.isArray(item) && item.length === 0);
}

/** A word comes before a hyphen, that before a dot: 1-rc < 1-1 < 1.1. */
function compare(a: Item, b: Item): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'string') return compareWords(a, b as string);
  if (Array.isArray(a)) return compareLists(a, b as Item[]);
  return a < (b as bigint) ? -1 : a === b ? 0 : 1;
}

function rank(item: Item): number {
  return typeof item === 'bigint' ? 2 : Array.isArray(item) ? 1 : 0;
}

function compareLists(a: readonly Item[], b: readonly Item[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [itemA, itemB] = [a[i], b[i]];
    if (itemA === undefined && itemB === undefined) continue;
    const result =
      itemA === undefined ? -toNothing(itemB as Item) : itemB === undefined ? toNothing(itemA) : compare(itemA, itemB);
    if (result !== 0) return result;
  }
  return 0;
}

/** How an item stands to none at all. */
function toNothing(item: Item): number {
  if (typeof item === 'bigint') return item === 0n ? 0 : 1;
  if (typeof item === 'string') return compareWords(item, '');
  for (const each of item) {
    const result = toNothing(each);
    if (result !== 0) return result;
  }
  return 0;
}

function compareWords(a: string, b: string): number {
  const [indexA, indexB] = [QUALIFIERS.indexOf(a), QUALIFIERS.indexOf(b)];
  if (indexA >= 0 && indexB >= 0) return indexA - indexB;
  if (indexA >= 0) return -1;
  if (indexB >= 0) return 1;
  return a < b ? -1 : a === b ? 0 : 1;
}
