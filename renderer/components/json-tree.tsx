import { type CSSProperties, type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { JsonNode } from '../../common/kafka/json-tree.ts';
import { count } from '../format.ts';
import { DataText } from './data-text.tsx';
import { Icon } from './icon.tsx';
import {
  FIRST_CHILDREN,
  type Folding,
  type JsonLine,
  jsonLines,
  MORE_CHILDREN,
  sizeOf,
  UNFOLDED,
} from './json-lines.ts';
import './json-tree.css';

export interface JsonTreeProps {
  root: JsonNode;
  label: string;
  /** Where a filter matches in a text. */
  find(text: string): readonly (readonly [number, number])[];
  /** The line that is looked at, by path; a name or a single value. */
  selected: string | undefined;
  onSelect(line: JsonLine & { type: 'node' }): void;
}

/** A JSON document as a tree; arrows walk through it, right opens and left closes. */
export function JsonTree({ root, label, find, selected, onSelect }: JsonTreeProps) {
  const [folding, setFolding] = useState(UNFOLDED);
  const lines = useMemo(() => jsonLines(root, folding), [root, folding]);
  const id = useId();
  const at = lines.findIndex((line) => line.type === 'node' && line.path === selected);

  const fold = (path: string, open: boolean) =>
    setFolding((before): Folding => ({ ...before, open: new Map(before.open).set(path, open) }));
  const showMore = (path: string) =>
    setFolding((before): Folding => {
      const shown = before.shown.get(path) ?? FIRST_CHILDREN;
      return { ...before, shown: new Map(before.shown).set(path, shown + MORE_CHILDREN) };
    });

  const goTo = (index: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))];
    if (line?.type === 'node') {
      onSelect(line);
      document.getElementById(`${id}${line.path}`)?.scrollIntoView({ block: 'nearest' });
    } else if (line) showMore(line.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown') goTo(at + 1);
    else if (event.key === 'ArrowUp') goTo(at - 1);
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'End') goTo(lines.length - 1);
    else if (event.key === 'ArrowRight' && line?.type === 'node' && line.open === false) fold(line.path, true);
    else if (event.key === 'ArrowRight' && line?.type === 'node' && line.open) goTo(at + 1);
    else if (event.key === 'ArrowLeft' && line?.type === 'node' && line.open) fold(line.path, false);
    else if (event.key === 'ArrowLeft' && line)
      goTo(lines.findLastIndex((other, i) => i < at && other.depth < line.depth));
    else return;
    event.preventDefault();
  };

  return (
    <div
      className="json-tree"
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `${id}${selected}` : undefined}
      onKeyDown={onKeyDown}
    >
      {lines.map((line) =>
        line.type === 'more' ? (
          <button
            key={`more ${line.path}`}
            type="button"
            tabIndex={-1}
            style={depthOf(line)}
            onClick={() => showMore(line.path)}
          >
            <span className="fold" />
            {count(line.hidden)} more
          </button>
        ) : (
          // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has the focus and takes the keys
          <div
            key={line.path}
            id={`${id}${line.path}`}
            role="treeitem"
            aria-level={line.depth + 1}
            aria-expanded={line.open}
            aria-selected={line.path === selected}
            style={depthOf(line)}
            onClick={() => {
              onSelect(line);
              if (line.open !== undefined && getSelection()?.isCollapsed !== false) fold(line.path, !line.open);
            }}
          >
            <span className="fold">{line.open !== undefined && <Icon name="right" size={10} />}</span>
            {line.name !== undefined && (
              <>
                {typeof line.name === 'number' ? (
                  <span className="json-name">{line.name}</span>
                ) : (
                  <DataText className="json-name" text={line.name} ranges={find(line.name)} />
                )}
                <span className="json-punctuation">:</span>
              </>
            )}
            <Value node={line.node} find={find} />
          </div>
        ),
      )}
    </div>
  );
}

function depthOf(line: JsonLine): CSSProperties {
  return { '--depth': line.depth } as CSSProperties;
}

function Value({ node, find }: { node: JsonNode; find: JsonTreeProps['find'] }) {
  switch (node.type) {
    case 'string':
      return (
        <span className="value json-string">
          "<DataText text={node.value} ranges={find(node.value)} />"
        </span>
      );
    case 'number':
      return (
        <span className="value json-number">
          <DataText text={node.digits} ranges={find(node.digits)} />
        </span>
      );
    case 'constant':
      return <span className="value json-constant">{String(node.value)}</span>;
    default:
      return <span className="json-punctuation">{sizeOf(node)}</span>;
  }
}
