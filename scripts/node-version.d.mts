export function bundledNode(root?: string): string | undefined;
export function isNodeNewEnough(versions?: Record<string, string | undefined>): boolean;
export function ensureNode(root?: string): Promise<void>;
