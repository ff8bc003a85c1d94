import type { TypedSchema, TypedValue } from './typed-values.ts';

/** A question to Connect; `tests/fixtures/java/ConnectOracle.java` has the answers. */
export type Question =
  | { kind: 'number-text'; type: 'float32' | 'float64'; bits: string }
  | { kind: 'text'; value: TypedValue; schema?: TypedSchema }
  | { kind: 'validate'; schema: TypedSchema; value: TypedValue }
  | { kind: 'read'; class: string; config?: Record<string, string>; isKey?: boolean; bytes: string | null }
  | {
      kind: 'write';
      class: string;
      config?: Record<string, string>;
      isKey?: boolean;
      schema: TypedSchema | null;
      value: TypedValue;
    }
  | { kind: 'read-header'; class: string; config?: Record<string, string>; bytes: string | null }
  | {
      kind: 'write-header';
      class: string;
      config?: Record<string, string>;
      schema: TypedSchema | null;
      value: TypedValue;
    }
  | { kind: 'transform'; class: string; config: Record<string, string>; record: TypedRecord }
  | { kind: 'predicate'; class: string; config: Record<string, string>; record: TypedRecord }
  | { kind: 'config'; keys: readonly TypedKey[]; config: Record<string, string | null> }
  | { kind: 'plugins' }
  | { kind: 'regex'; pattern: string; text: string; replacement?: string };

export interface TypedRecord {
  topic?: string;
  partition?: number;
  /** Makes it a sink record. */
  offset?: number;
  timestamp?: string;
  keySchema?: TypedSchema | null;
  key?: TypedValue;
  valueSchema?: TypedSchema | null;
  value?: TypedValue;
  headers?: readonly (readonly [string, TypedSchema | null, TypedValue])[];
}

export interface TypedKey {
  name: string;
  type: string;
  default?: string | null;
  validator?: readonly unknown[];
  importance: string;
  doc?: string;
  group?: string;
  order?: number;
  width?: string;
  displayName?: string;
  dependents?: readonly string[];
}

export type Answer = { ok: unknown } | { error: readonly [javaClass: string, message: string] };

/** What is asked, and where we differ on purpose: our answer (or part of the error's message) and the reason. */
export interface Case {
  ask: Question;
  ours?: { ok: unknown } | { error: string };
  why?: string;
}

export function ask(question: Question): Case {
  return { ask: question };
}

export function differs(question: Question, ours: { ok: unknown } | { error: string }, why: string): Case {
  return { ask: question, ours, why };
}

export function base64(text: string | Uint8Array): string {
  return Buffer.from(text as string).toString('base64');
}
