import { type ConfigDocument, entriesOf, removeKey, setValue, valueIn, withEntries } from './config-document.ts';

export type ChainList = 'transforms' | 'predicates';

/** The aliases of a list in their order, each once, as Connect reads it. */
export function aliasesOf(document: ConfigDocument, list: ChainList): string[] {
  const names = (valueIn(document, list) ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

/** The keys of a stage, without those of another one whose alias begins with this one's (`a` and `a.b`). */
export function keysOf(document: ConfigDocument, list: ChainList, alias: string): string[] {
  const prefix = `${list}.${alias}.`;
  const longer = aliasesOf(document, list)
    .filter((other) => other.startsWith(`${alias}.`))
    .map((other) => `${list}.${other}.`);
  return entriesOf(document)
    .map(([key]) => key)
    .filter((key) => key.startsWith(prefix) && !longer.some((other) => key.startsWith(other)));
}

export function addStage(document: ConfigDocument, list: ChainList, className: string): ConfigDocument {
  const aliases = aliasesOf(document, list);
  const simple = className.slice(className.lastIndexOf('.') + 1).replace(/\$.*/, '');
  const base = simple.slice(0, 1).toLowerCase() + simple.slice(1);
  let alias = base;
  for (let n = 2; aliases.includes(alias); n++) alias = `${base}${n}`;
  const listed = setValue(document, list, [...aliases, alias].join(','), `${list}.`);
  return setValue(listed, `${list}.${alias}.type`, className, list);
}

/** It goes from the list with all of its keys; the list goes with its last one. */
export function removeStage(document: ConfigDocument, list: ChainList, alias: string): ConfigDocument {
  const rest = aliasesOf(document, list).filter((other) => other !== alias);
  const without = keysOf(document, list, alias).reduce(removeKey, document);
  return rest.length === 0 ? removeKey(without, list) : setValue(without, list, rest.join(','));
}

/** One place earlier (-1) or later (1); at an end it stays. */
export function moveStage(document: ConfigDocument, list: ChainList, alias: string, by: -1 | 1): ConfigDocument {
  const aliases = aliasesOf(document, list);
  const at = aliases.indexOf(alias);
  const other = aliases[at + by];
  if (at < 0 || other === undefined) return document;
  return setValue(
    document,
    list,
    aliases
      .with(at, other)
      .with(at + by, alias)
      .join(','),
  );
}

/** Why a stage can't be called so; null when it can. */
export function aliasProblem(document: ConfigDocument, list: ChainList, alias: string, to: string): string | null {
  if (to.trim() === '') return 'A name is needed';
  if (/[,\s]/.test(to)) return 'A name has no comma and no space';
  if (to === alias) return null;
  if (aliasesOf(document, list).includes(to)) return `${to} is there already`;
  return keysOf(document, list, to).length > 0 ? `There are keys of ${to} already` : null;
}

/** The stage under another name: in the list, in its keys, and where a transformation names the predicate. */
export function renameStage(document: ConfigDocument, list: ChainList, alias: string, to: string): ConfigDocument {
  if (to === alias || aliasProblem(document, list, alias, to) !== null) return document;
  const own = new Set(keysOf(document, list, alias));
  const users = new Set(
    list === 'predicates' ? aliasesOf(document, 'transforms').map((name) => `transforms.${name}.predicate`) : [],
  );
  const aliases = aliasesOf(document, list).map((name) => (name === alias ? to : name));
  const entries = entriesOf(document).map(([key, value]): [string, string] => {
    if (key === list) return [key, aliases.join(',')];
    if (users.has(key) && value.trim() === alias) return [key, to];
    return own.has(key) ? [`${list}.${to}.${key.slice(list.length + alias.length + 2)}`, value] : [key, value];
  });
  return withEntries(document, entries);
}
