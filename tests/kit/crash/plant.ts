import { registerHooks } from 'node:module';
import {
  BROKER_DEFECTS,
  DEAD_LETTER_DEFECT,
  type DefectName,
  PLANTED_DEFECTS,
  RESTART_DEFECTS,
  STOP_DEFECTS,
} from './planted-defects.ts';

/** Preloaded by `--import`: plants the defect that RUNNEL_PLANTED_DEFECT names. */
const name = process.env.RUNNEL_PLANTED_DEFECT as DefectName | undefined;
if (name !== undefined) {
  const all = { ...PLANTED_DEFECTS, ...STOP_DEFECTS, ...DEAD_LETTER_DEFECT, ...BROKER_DEFECTS, ...RESTART_DEFECTS };
  const { file, find, replace } = all[name];
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${file}`)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(find)) throw new Error(`The defect "${name}" can't be planted: ${file} has no "${find}"`);
      return { ...loaded, source: source.replace(find, replace) };
    },
  });
}
