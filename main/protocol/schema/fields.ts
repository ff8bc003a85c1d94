import { type VersionRange, versionRange } from './versions.ts';

/**
 * How a message is declared: an object of fields in wire order. A field's versions are those of the message; inside
 * an array or struct `0+` means "as long as the parent is there". TypeScript's types follow from the declaration:
 *
 *     const topics = array('0+', { name: string('0-12'), topicId: uuid('13+'), partitions: array('0+', 'int32') });
 */

/** What a decoder gives. */
export interface ScalarTypes {
  bool: boolean;
  int8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: bigint;
  float64: number;
  string: string;
  /** base64url, as Kafka prints it */
  uuid: string;
  /** shares memory with the message */
  bytes: Buffer;
  /** record batches; shares memory with the message */
  records: Buffer;
}

/** What an encoder takes, where that is more than a decoder gives. */
export interface ScalarInputs extends Omit<ScalarTypes, 'bytes' | 'records'> {
  bytes: Uint8Array;
  /** one stretch of bytes or several in a row: none is copied when long */
  records: Uint8Array | readonly Uint8Array[];
}

export type Scalar = keyof ScalarTypes;

export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'array'; readonly element: FieldType }
  | { readonly kind: 'struct'; readonly fields: Fields };

declare const TYPES: unique symbol;

export interface Field<Out = unknown, In = unknown, Optional extends boolean = boolean> {
  readonly type: FieldType;
  readonly versions: VersionRange;
  /** versions in which null may stand */
  readonly nullable: VersionRange;
  /** for versions that lack the field, and for tagged fields that were not sent; undefined: empty or zero */
  readonly default: unknown;
  /** undefined: a field in its place; else the number under which flexible versions carry it at the end */
  readonly tag: number | undefined;
  /** for the compiler alone: nothing is there at run time */
  readonly [TYPES]?: { out: Out; in: In; optional: Optional };
}

export interface Fields {
  readonly [name: string]: Field;
}

type OutOf<F> = F extends Field<infer Out, infer _In, infer _Optional> ? Out : never;
type InOf<F> = F extends Field<infer _Out, infer In, infer _Optional> ? In : never;
type OptionalNames<F extends Fields> = {
  [N in keyof F]: F[N] extends Field<infer _Out, infer _In, true> ? N : never;
}[keyof F];

/** What a decoder gives for these fields: all of them, with defaults for those that the version lacks. */
export type Decoded<F extends Fields> = { -readonly [N in keyof F]: OutOf<F[N]> };

/**
 * What an encoder takes. May be left out: fields with a default, tagged ones, and those that not every version has.
 * Fields that the version lacks are not sent.
 */
export type Encodable<F extends Fields> = {
  readonly [N in Exclude<keyof F, OptionalNames<F>>]: InOf<F[N]>;
} & { readonly [N in OptionalNames<F>]?: InOf<F[N]> };

export interface FieldOptions<T> {
  readonly nullable?: string;
  readonly default?: T | null;
  readonly tag?: number;
}

type OrNull<T, O> = O extends { readonly nullable: string } ? T | null : T;
type IsOptional<V, O> = O extends { readonly default: unknown } | { readonly tag: number }
  ? true
  : V extends '0+'
    ? false
    : true;

function field(type: FieldType, versions: string, options: FieldOptions<unknown> = {}): Field {
  return {
    type,
    versions: versionRange(versions),
    nullable: versionRange(options.nullable ?? 'none'),
    default: options.default,
    tag: options.tag,
  };
}

function scalar<S extends Scalar>(name: S) {
  const type: FieldType = { kind: 'scalar', scalar: name };
  return <const V extends string, const O extends FieldOptions<ScalarTypes[S]> = Record<never, never>>(
    versions: V,
    options?: O,
  ) => field(type, versions, options) as Field<OrNull<ScalarTypes[S], O>, OrNull<ScalarInputs[S], O>, IsOptional<V, O>>;
}

export const bool = scalar('bool');
export const int8 = scalar('int8');
export const int16 = scalar('int16');
export const uint16 = scalar('uint16');
export const int32 = scalar('int32');
export const uint32 = scalar('uint32');
export const int64 = scalar('int64');
export const float64 = scalar('float64');
export const string = scalar('string');
export const uuid = scalar('uuid');
export const bytes = scalar('bytes');
export const records = scalar('records');

type ElementOut<E> = E extends Scalar ? ScalarTypes[E] : E extends Fields ? Decoded<E> : never;
type ElementIn<E> = E extends Scalar ? ScalarInputs[E] : E extends Fields ? Encodable<E> : never;

export function array<
  const V extends string,
  const E extends Scalar | Fields,
  const O extends FieldOptions<readonly never[]> = Record<never, never>,
>(
  versions: V,
  element: E,
  options?: O,
): Field<OrNull<ElementOut<E>[], O>, OrNull<readonly ElementIn<E>[], O>, IsOptional<V, O>> {
  const type: FieldType =
    typeof element === 'string' ? { kind: 'scalar', scalar: element } : { kind: 'struct', fields: element };
  return field({ kind: 'array', element: type }, versions, options) as Field<
    OrNull<ElementOut<E>[], O>,
    OrNull<readonly ElementIn<E>[], O>,
    IsOptional<V, O>
  >;
}

/** A struct's default is all its fields' defaults, or null. */
export function struct<
  const V extends string,
  const F extends Fields,
  const O extends FieldOptions<never> = Record<never, never>,
>(versions: V, fields: F, options?: O): Field<OrNull<Decoded<F>, O>, OrNull<Encodable<F>, O>, IsOptional<V, O>> {
  return field({ kind: 'struct', fields }, versions, options) as Field<
    OrNull<Decoded<F>, O>,
    OrNull<Encodable<F>, O>,
    IsOptional<V, O>
  >;
}
