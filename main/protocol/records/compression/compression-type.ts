/** By id: the lowest three bits of a batch's attributes. The names are those of `compression.type`. */
export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export type CompressionType = (typeof COMPRESSION_TYPES)[number];

export function compressionTypeOf(id: number): CompressionType | undefined {
  return COMPRESSION_TYPES[id];
}

export function compressionId(type: CompressionType): number {
  return COMPRESSION_TYPES.indexOf(type);
}
