import type { ConfigInfos, ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import { type ConfigDocument, entriesOf } from './config-document.ts';

/** A key of the form, as its definition and its validation have it. */
export interface FormField {
  readonly name: string;
  readonly definition: ConfigKeyInfo;
  /** What stands in the document; undefined: nothing, the default counts. */
  readonly value: string | undefined;
  readonly recommended: readonly string[];
  readonly errors: readonly string[];
  readonly differs: boolean;
}

export interface FormSection {
  readonly title: string;
  /** Required, set, wrong or of high importance. */
  readonly first: readonly FormField[];
  readonly folded: readonly FormField[];
  /** How many keys differ from their default. */
  readonly differing: number;
  readonly errors: number;
}

export interface FormFilter {
  readonly words: string;
  readonly onlyDiffering: boolean;
}

/** The connector's own keys, when it puts them in no group. */
const NO_GROUP = 'Connector';

/** The form that `validate` describes: its groups, and in each the keys in their order; what is invisible is not there. */
export function formSections(infos: ConfigInfos, document: ConfigDocument, filter: FormFilter): FormSection[] {
  const values = new Map(entriesOf(document));
  const [first = NO_GROUP, ...rest] = infos.groups;
  const sections = new Map<string, FormField[]>([first, NO_GROUP, ...rest].map((group) => [group, []]));
  for (const { definition, value } of infos.configs) {
    if (definition === null) continue;
    const text = values.get(definition.name);
    if (!value.visible && text === undefined && value.errors.length === 0) continue;
    const group = definition.group ?? NO_GROUP;
    const fields = sections.get(group) ?? [];
    sections.set(group, fields);
    fields.push({
      name: definition.name,
      definition,
      value: text,
      recommended: value.recommended_values,
      errors: value.errors,
      differs: text !== undefined && text !== definition.default_value,
    });
  }
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = ({ name, definition: { display_name, documentation } }: FormField) =>
    words.every((word) => `${name} ${display_name} ${documentation}`.toLowerCase().includes(word));
  return [...sections].flatMap(([title, all]) => {
    const shown = all
      .filter((field) => found(field) && (!filter.onlyDiffering || field.differs || field.errors.length > 0))
      .sort((a, b) => Number(b.definition.required) - Number(a.definition.required) || orderOf(a) - orderOf(b));
    if (shown.length === 0) return [];
    const first = shown.filter((field) => words.length > 0 || isFirst(field));
    return {
      title,
      first,
      folded: shown.filter((field) => !first.includes(field)),
      differing: all.filter(({ differs }) => differs).length,
      errors: all.filter(({ errors }) => errors.length > 0).length,
    };
  });
}

/** Keys of the document that no definition knows; they are kept as they are. */
export function unknownEntries(infos: ConfigInfos, document: ConfigDocument): [string, string][] {
  const known = new Set(infos.configs.flatMap(({ definition }) => definition?.name ?? []));
  return entriesOf(document).filter(([key]) => !known.has(key));
}

function orderOf({ definition: { order_in_group } }: FormField): number {
  return order_in_group < 0 ? Number.MAX_SAFE_INTEGER : order_in_group;
}

function isFirst({ definition, value, errors }: FormField): boolean {
  return definition.required || definition.importance === 'HIGH' || value !== undefined || errors.length > 0;
}
