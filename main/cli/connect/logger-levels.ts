/** Levels of a logger, as log4j2 names them; Connect takes them in small letters too. */
export const LEVELS: readonly string[] = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'];
