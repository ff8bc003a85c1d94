export const ELECTRON_VERSION: string;
export function electronBinary(dist: string): string;
export function electronArgs(): string[];
export function electronVersion(dist: string): string | undefined;
export function appFolder(dist: string): string;
