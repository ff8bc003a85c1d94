import v8 from 'node:v8';

/** Of Node 24: the versions in which this was measured. */
const V8_MAJOR = '13';

/**
 * Has V8 weigh the buffers of sockets by the size of the whole heap, not by a limit of their own, which a busy broker
 * passes many times a second: each time all of the heap is marked, which costs a third of the processor when producers
 * send 1 KiB records. For a program that is only a broker; memory then grows by some tens of megabytes more.
 */
export function collectForBroker(): void {
  if (process.versions.v8.split('.')[0] !== V8_MAJOR) return;
  v8.setFlagsFromString('--external-memory-accounted-in-global-limit');
}
