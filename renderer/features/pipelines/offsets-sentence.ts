import type { ConnectorOffsets, ConnectorType } from '../../../common/connect/connector-state-info.ts';
import { counted } from '../../format.ts';

/** `Offsets of 4 source partitions (orders at 48213, customers at 9120, 2 more)` */
export function offsetsSentence(offsets: ConnectorOffsets | undefined, type: ConnectorType, name: string): string {
  if (type === 'sink') return `Offsets of the consumer group connect-${name}`;
  if (!offsets) return 'Source offsets';
  if (offsets.offsets.length === 0) return 'Source offsets: none stored yet';
  const shown = offsets.offsets.slice(0, 2).map(({ partition, offset }) => {
    const where = Object.values(partition).map(String).join(' ');
    return `${where} at ${offset ? Object.values(offset).map(String).join(' ') : 'none'}`;
  });
  const more = offsets.offsets.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return `Offsets of ${counted(offsets.offsets.length, 'source partition')} (${list})`;
}
