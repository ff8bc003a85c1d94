import type { Schema } from '../../main/connect/rest/schemas.ts';

/** What of a value does not fit a schema, by its place; `$ref` leads into `schemas`. Unknown properties don't fit. */
export function misfits(value: unknown, schema: Schema, schemas: Readonly<Record<string, Schema>>, at = '$'): string[] {
  const { $ref, ...own } = schema;
  if ($ref !== undefined) {
    // A null that is allowed beside the reference.
    if (value === null && types(own).includes('null')) return [];
    const target = schemas[$ref.replace('#/components/schemas/', '')];
    return target === undefined ? [`${at}: ${$ref} is not there`] : misfits(value, target, schemas, at);
  }
  if (own.type !== undefined && !types(own).some((type) => isOf(type, value)))
    return [`${at}: ${JSON.stringify(value)} is no ${types(own).join(' or ')}`];
  if (own.enum !== undefined && !own.enum.includes(value as string))
    return [`${at}: ${JSON.stringify(value)} is none of the enum`];
  if (Array.isArray(value))
    return value.flatMap((item, i) =>
      own.items === undefined ? [] : misfits(item, own.items, schemas, `${at}[${i}]`),
    );
  if (typeof value !== 'object' || value === null) return [];
  const missing = (own.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at}.${name} is missing`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, item]) => {
      const of = own.properties?.[name] ?? own.additionalProperties;
      return of === undefined ? [`${at}.${name} is not known`] : misfits(item, of, schemas, `${at}.${name}`);
    }),
  ];
}

function types({ type }: Schema): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
