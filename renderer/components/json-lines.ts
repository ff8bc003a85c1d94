import type { JsonNode } from '../../common/kafka/json-tree.ts';

/** A line of the tree as it is folded now. */
export type JsonLine =
  | {
      readonly type: 'node';
      /** Position in the document: indexes of members and elements, joined by dots; the root's is empty. */
      readonly path: string;
      readonly depth: number;
      /** Member name, index of an element, undefined for the root. */
      readonly name: string | number | undefined;
      readonly node: JsonNode;
      /** undefined: nothing to open */
      readonly open: boolean | undefined;
    }
  /** Children that are not shown yet. */
  | { readonly type: 'more'; readonly path: string; readonly depth: number; readonly hidden: number };

/** What was opened, closed or extended by hand, by path. */
export interface Folding {
  readonly open: ReadonlyMap<string, boolean>;
  readonly shown: ReadonlyMap<string, number>;
}

export const UNFOLDED: Folding = { open: new Map(), shown: new Map() };

/** Children shown at first, and with each press of "more". */
export const FIRST_CHILDREN = 100;
export const MORE_CHILDREN = 1_000;

/** Deeper than this a document begins folded; so does what has very many children below the first level. */
const OPEN_DEPTH = 4;
const OPEN_CHILDREN = 40;

/** The lines of a document, top down. Work is in what is shown, not in what the document holds. */
export function jsonLines(root: JsonNode, folding: Folding): JsonLine[] {
  const lines: JsonLine[] = [];
  const pending: JsonLine[] = [line('', 0, undefined, root, folding)];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (next.type === 'more' || next.path !== '' || next.open === undefined) lines.push(next);
    if (next.type === 'more' || !next.open) continue;
    const children = childrenOf(next.node);
    const shown = Math.min(children.length, folding.shown.get(next.path) ?? FIRST_CHILDREN);
    const depth = next.path === '' ? 0 : next.depth + 1;
    if (shown < children.length)
      pending.push({ type: 'more', path: next.path, depth, hidden: children.length - shown });
    for (let index = shown - 1; index >= 0; index--) {
      const [name, node] = children[index]!;
      pending.push(line(next.path === '' ? String(index) : `${next.path}.${index}`, depth, name, node, folding));
    }
  }
  return lines;
}

function line(
  path: string,
  depth: number,
  name: string | number | undefined,
  node: JsonNode,
  folding: Folding,
): JsonLine {
  const size = childrenOf(node).length;
  const open =
    size === 0 ? undefined : (folding.open.get(path) ?? (depth < 1 || (depth < OPEN_DEPTH && size <= OPEN_CHILDREN)));
  return { type: 'node', path, depth, name, node, open };
}

function childrenOf(node: JsonNode): readonly (readonly [name: string | number, node: JsonNode])[] {
  if (node.type === 'object') return node.members.map(({ name, value }) => [name, value] as const);
  if (node.type === 'array') return node.elements.map((element, index) => [index, element] as const);
  return [];
}

/** How many children a folded object or list has, in its brackets: `{4}`, `[2]`. */
export function sizeOf(node: JsonNode): string {
  return node.type === 'object' ? `{${node.members.length}}` : node.type === 'array' ? `[${node.elements.length}]` : '';
}

/** The members' names on the way to a path, for filters and for copying: `user.screen_name`. */
export function namesOf(root: JsonNode, path: string): (string | number)[] {
  const names: (string | number)[] = [];
  let node = root;
  for (const index of path === '' ? [] : path.split('.').map(Number)) {
    const child = childrenOf(node)[index];
    if (!child) break;
    names.push(child[0]);
    node = child[1];
  }
  return names;
}
