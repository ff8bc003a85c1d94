import type { Logger } from '../../../common/logger.ts';

/** Closes each part whatever becomes of the others; what fails is logged by its name. */
export async function closeAll(logger: Logger, steps: readonly [string, () => void | Promise<void>][]): Promise<void> {
  for (const [what, step] of steps) {
    try {
      await step();
    } catch (error) {
      logger.warn(`Closing ${what} failed`, error);
    }
  }
}
