/** The Node that came with the packages; undefined where there is none (macOS). */
export function bundledNode(root?: string): string | undefined;
export function isNodeNewEnough(versions?: { napi?: string }): boolean;
export function ensureNode(root?: string): Promise<void>;
