import type { JsonNode } from '../../../common/kafka/json-tree.ts';

/**
 * A filter that finds records with the same single value under the same name, whatever white space their JSON has:
 * the expression for the filter's field, and how the button names it. Undefined where there is no single value.
 */
export function memberFilter(
  names: readonly (string | number)[],
  node: JsonNode,
): { filter: string; label: string } | undefined {
  const value = scalar(node);
  if (value === undefined || value.length > 500) return undefined;
  const name = names.findLast((part) => typeof part === 'string');
  const inList = typeof names.at(-1) === 'number';
  if (name === undefined || inList) return { filter: `/${escaped(value)}/`, label: value };
  return { filter: `/${escaped(JSON.stringify(name))}\\s*:\\s*${escaped(value)}/`, label: `${name} = ${value}` };
}

function scalar(node: JsonNode): string | undefined {
  switch (node.type) {
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.digits;
    case 'constant':
      return String(node.value);
    default:
      return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
