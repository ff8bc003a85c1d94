/**
 * Calls, events and streams between processes, over anything that is a `Port`.
 *
 * ```ts
 * const contract = { topic: call(z.object({ name: z.string() })).of<TopicDescription>() };
 * serve(port, contract, { topic: ({ name }) => describe(name) });      // one end
 * const description = await client(contract, port).topic({ name });    // the other
 * ```
 */
export { client } from './rpc/client.ts';
export type { CallOptions, Client, Contract, Services, StreamOptions } from './rpc/declare.ts';
export { call, event, stream } from './rpc/declare.ts';
export { serve } from './rpc/server.ts';
