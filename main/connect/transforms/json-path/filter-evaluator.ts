import { compareNumbers, isEqual, isNumber, numberText } from './compare.ts';
import { evaluate } from './evaluator.ts';
import { isObject, members } from './members.ts';
import type { Filter, JsonPath, Operand, Operator } from './syntax.ts';

/** What a path in a filter yields when there is nothing: equal to nothing, not even to itself. */
const UNDEFINED = Symbol('undefined');

/** Is the filter true of `current`? */
export function accepts(filter: Filter, current: unknown, root: unknown): boolean {
  switch (filter.kind) {
    case 'or':
      return filter.filters.some((it) => accepts(it, current, root));
    case 'and':
      return filter.filters.every((it) => accepts(it, current, root));
    case 'not':
      return !accepts(filter.filter, current, root);
    case 'exists':
      return exists(filter.path, current, root) === filter.wanted;
    case 'compare':
      return holds(filter.operator, filter.left, filter.right, current, root);
  }
}

function exists(path: JsonPath, current: unknown, root: unknown): boolean {
  const found = evaluate(path, current, root);
  return found !== null && (path.definite || found.length > 0);
}

function operandValue(operand: Operand, current: unknown, root: unknown): unknown {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'pattern':
      return UNDEFINED;
    case 'path': {
      const found = evaluate(operand.path, current, root);
      if (found === null) return UNDEFINED;
      return operand.path.definite ? found[0] : found;
    }
  }
}

function holds(
  operator: Operator,
  leftOperand: Operand,
  rightOperand: Operand,
  current: unknown,
  root: unknown,
): boolean {
  const left = operandValue(leftOperand, current, root);
  const right = operandValue(rightOperand, current, root);
  switch (operator) {
    case '=~':
      if (rightOperand.kind === 'pattern') return matches(rightOperand, left);
      return leftOperand.kind === 'pattern' && matches(leftOperand, right);
    case '==':
      return isEqual(left, right) && left !== UNDEFINED;
    case '!=':
      return !isEqual(left, right) || left === UNDEFINED;
    case '===':
      return sameType(left, right) && isEqual(left, right) && left !== UNDEFINED;
    case '!==':
      return !(sameType(left, right) && isEqual(left, right)) || left === UNDEFINED;
    case '<':
      return order(left, right) < 0;
    case '<=':
      return order(left, right) <= 0;
    case '>':
      return order(left, right) > 0;
    case '>=':
      return order(left, right) >= 0;
    case 'in':
      return isIn(left, right);
    case 'nin':
      return !isIn(left, right);
    case 'contains':
      if (typeof left === 'string') return typeof right === 'string' && left.includes(right);
      return isIn(right, left);
    case 'all':
      return Array.isArray(left) && Array.isArray(right) && right.every((item) => isIn(item, left));
    case 'subsetof':
      return Array.isArray(left) && Array.isArray(right) && left.every((item) => isIn(item, right));
    case 'anyof':
      return Array.isArray(left) && Array.isArray(right) && left.some((item) => isIn(item, right));
    case 'noneof':
      return Array.isArray(left) && Array.isArray(right) && !left.some((item) => isIn(item, right));
    case 'size':
      return isNumber(right) && sizeOf(left) !== null && compareNumbers(BigInt(sizeOf(left) as number), right) === 0;
    case 'empty':
      return (sizeOf(left) === 0) === right && sizeOf(left) !== null;
  }
}

/** NaN, for which no comparison holds, when the two have no order. */
function order(left: unknown, right: unknown): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return Number.NaN;
}

function isIn(item: unknown, list: unknown): boolean {
  return Array.isArray(list) && item !== UNDEFINED && list.some((it) => isEqual(it, item));
}

function sameType(left: unknown, right: unknown): boolean {
  if (isNumber(left)) return isNumber(right);
  return typeof left === typeof right && Array.isArray(left) === Array.isArray(right);
}

function sizeOf(value: unknown): number | null {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? [...members(value)].length : null;
}

function matches({ pattern }: Operand & { kind: 'pattern' }, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => pattern.matches(textOf(item)));
  return pattern.matches(textOf(value));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return numberText(value);
  return typeof value === 'boolean' ? String(value) : '';
}
