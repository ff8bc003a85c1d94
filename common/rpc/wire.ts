import { z } from 'zod';
import type { WireError } from '../errors.ts';

/** From the client. `id` is its own number for the exchange; it is free again after the answer or the end. */
export const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), id: z.int().min(0), method: z.string(), args: z.unknown() }),
  /** The reader can take `count` more values of an event or stream. */
  z.object({ type: z.literal('credit'), id: z.int().min(0), count: z.int().min(1).max(1000) }),
  z.object({ type: z.literal('cancel'), id: z.int().min(0) }),
]);
export type Request = z.infer<typeof request>;

/** To the client. A call has one `value` and no `end`. */
export type Response =
  | { type: 'value'; id: number; value: unknown }
  | { type: 'end'; id: number }
  | { type: 'error'; id: number; error: WireError };
