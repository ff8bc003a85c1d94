import type { GroupDescription } from '../../kafka/api.ts';
import { javaRow, MISSING, widest } from '../output/java-columns.ts';

/** Java: `ConsumerGroupService.printStates`. */
export function stateLines(group: GroupDescription, verbose: boolean): string[] {
  const { groupId, coordinator, partitionAssignor, state, members } = group;
  const where = `${coordinator.host}:${coordinator.port}  (${coordinator.id})`;
  const epochs = (...texts: string[]) => (verbose ? texts : []);
  const widths = [widest(15, [groupId]), widest(25, [where]), 20, 20, ...(verbose ? [15, 25] : [])];
  return [
    '',
    javaRow(widths, [
      ...['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE'],
      ...epochs('GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH'),
      '#MEMBERS',
    ]),
    javaRow(widths, [
      ...[groupId, where, partitionAssignor || MISSING, state],
      ...epochs(group.groupEpoch?.toString() ?? MISSING, group.targetAssignmentEpoch?.toString() ?? MISSING),
      `${members.length}`,
    ]),
  ];
}
