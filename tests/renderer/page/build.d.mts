export function buildPretendedPage(): Promise<string>;
