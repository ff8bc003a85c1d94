import manifest from '../../package.json' with { type: 'json' };

/** What built-in connectors report as their version: the program's own. */
export const RUNNEL_VERSION: string = manifest.version;
