export function packForTests(dist: string, options: { inspectable: boolean }): Promise<string>;
