export const CONFLUENT_KAFKA_VERSION: string;
export function pythonOfClient(): string;
export function hasPythonClient(): boolean;
export function fetchPythonClient(): string | undefined;
