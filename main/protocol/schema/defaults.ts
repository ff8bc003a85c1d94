import type { Field, Scalar } from './fields.ts';
import { ZERO_UUID } from './uuid.ts';

const EMPTY_BYTES = Buffer.alloc(0);

/** A function that makes a field's default; arrays and structs afresh, as the message belongs to its reader. */
export function defaultOf(field: Field, version: number): () => unknown {
  if (field.default !== undefined) {
    const value = field.default;
    return Array.isArray(value) ? () => [] : () => value;
  }
  const { type } = field;
  if (type.kind === 'array') return () => [];
  if (type.kind === 'struct') {
    const makers = Object.entries(type.fields).map(([name, inner]) => [name, defaultOf(inner, version)] as const);
    return () => Object.fromEntries(makers.map(([name, make]) => [name, make()]));
  }
  const zero = zeroOf(type.scalar);
  return () => zero;
}

function zeroOf(scalar: Scalar): unknown {
  switch (scalar) {
    case 'bool':
      return false;
    case 'int64':
      return 0n;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
    case 'bytes':
    case 'records':
      return EMPTY_BYTES;
    default:
      return 0;
  }
}

/** Tagged fields are not sent when they hold their default. */
export function isDefaultOf(field: Field): (value: unknown) => boolean {
  const { type } = field;
  if (field.default === null) return (value) => value === null;
  if (type.kind === 'array') return (value) => (value as unknown[] | null)?.length === 0;
  if (type.kind === 'struct') {
    const checks = Object.entries(type.fields).map(([name, inner]) => [name, isDefaultOf(inner)] as const);
    return (value) =>
      value !== null &&
      checks.every(
        ([name, check]) =>
          (value as { [name: string]: unknown })[name] === undefined ||
          check((value as { [name: string]: unknown })[name]),
      );
  }
  if (type.scalar === 'bytes' || type.scalar === 'records')
    return (value) => (value as Uint8Array | null)?.length === 0;
  const value = field.default ?? zeroOf(type.scalar);
  return (given) => given === value;
}
