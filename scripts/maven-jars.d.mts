export function jarFolder(name: string): string;
export function fetchJars(name: string, artifacts: readonly string[], options?: { alone?: boolean }): string;
