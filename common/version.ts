import manifest from '../package.json' with { type: 'json' };

/** The program's own version, that of package.json. */
export const RUNNEL_VERSION: string = manifest.version;
