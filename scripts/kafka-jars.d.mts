export const KAFKA_VERSION: string;
export function kafkaLibs(): string;
export function hasKafkaLibs(): boolean;
export function fetchKafkaLibs(): string | undefined;
