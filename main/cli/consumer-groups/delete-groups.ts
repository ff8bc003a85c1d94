import { KafkaException } from '../../../common/errors.ts';
import { isUnreachable, javaText } from '../kafka-failure.ts';
import { writeLines } from '../output/write-lines.ts';
import { groupIds } from './describe-groups.ts';
import { type ConsumerGroupsRun, printError } from './run.ts';

/** `--delete`. Java: `ConsumerGroupService.deleteGroups`. */
export async function deleteGroups(run: ConsumerGroupsRun): Promise<void> {
  const { admin, context } = run;
  const deleted: string[] = [];
  const failed: string[] = [];
  for (const group of [...new Set(await groupIds(run))].sort()) {
    try {
      await admin.deleteGroups([group]);
      deleted.push(group);
    } catch (error) {
      if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
      failed.push(`* Group '${group}' could not be deleted due to: ${javaText(error)}`);
    }
  }
  if (failed.length === 0) {
    await writeLines(context, [`Deletion of requested consumer groups ('${deleted.join(', ')}') was successful.`]);
    return;
  }
  await printError(context, 'Deletion of some consumer groups failed:');
  await writeLines(context, failed);
  if (deleted.length > 0) {
    await writeLines(context, ['', `These consumer groups were deleted successfully: '${deleted.join("'")}', '`]);
  }
}
