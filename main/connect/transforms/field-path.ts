import { ConfigException } from '../../../common/errors.ts';
import type { Field, Schema } from '../api/schema.ts';
import type { Struct } from '../api/struct.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { fieldValue } from './updated-schemas.ts';

const PURPOSE = 'nested field access';

/** One field, or with `nested` a path to one (KIP-821): `user.name`, `` `odd.name`.x ``. Java: `SingleFieldPath`. */
export class FieldPath {
  readonly #parents: readonly string[];
  readonly #last: string;

  constructor(text: string, nested: boolean) {
    const steps = nested ? stepsOf(text) : [text];
    this.#last = steps.pop() as string;
    this.#parents = steps;
  }

  /** Undefined when there is no such field. */
  fieldFrom(schema: Schema): Field | undefined {
    let current = schema;
    for (const name of this.#parents) {
      const field = current.field(name);
      if (field === undefined) return undefined;
      current = field.schema;
    }
    return current.field(this.#last);
  }

  /** Null when something on the way is missing or null. */
  valueFromStruct(struct: Struct, withDefault: boolean): unknown {
    let current = struct;
    for (const name of this.#parents) {
      const next = current.schema.field(name) === undefined ? null : current.get(name);
      if (next === null) return null;
      current = requireStruct(next, PURPOSE);
    }
    return current.schema.field(this.#last) === undefined ? null : fieldValue(current, this.#last, withDefault);
  }

  valueFromMap(map: ReadonlyMap<string, unknown>): unknown {
    let current = map;
    for (const name of this.#parents) {
      const next = current.get(name) ?? null;
      if (next === null) return null;
      current = requireMap(next, PURPOSE);
    }
    return current.get(this.#last) ?? null;
  }
}

/** A backtick closes a name only before a dot or at the end; one that does not has a backslash in front. */
function stepsOf(path: string): string[] {
  const steps: string[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] !== '`') {
      const dot = path.indexOf('.', at);
      steps.push(path.slice(at, dot < 0 ? undefined : dot));
      at = dot < 0 ? path.length : dot + 1;
      continue;
    }
    const quoted = quotedStep(path, at);
    steps.push(quoted.name);
    at = quoted.end;
  }
  if (path === '' || path.endsWith('.')) steps.push('');
  return steps;
}

function quotedStep(path: string, start: number): { name: string; end: number } {
  let name = '';
  let from = start + 1;
  let at = path.indexOf('`', from);
  for (; at >= 0; at = path.indexOf('`', at + 1)) {
    const escaped = path[at - 1] === '\\';
    const last = at === path.length - 1;
    if (last && escaped) break;
    if (!last && path[at + 1] !== '.') continue;
    if (!escaped) return { name: name + path.slice(from, at), end: last ? at + 1 : at + 2 };
    name += `${path.slice(from, at - 1)}\``;
    from = at + 1;
  }
  throw new ConfigException(
    `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${start} to escape it`,
  );
}
