/** One step of a schema. Steps are numbered 1, 2, 3 … without gaps and never change once released. */
export interface Migration {
  version: number;
  /**
   * The oldest version of the program's schema that can still read and write a file after this step: an additive
   * change keeps it, anything else raises it to `version`.
   */
  minReaderVersion: number;
  sql: string;
}

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.length;
}

/** A hole or a repeated number in the list would leave files that nobody can tell apart. */
export function checkMigrations(migrations: readonly Migration[]): void {
  migrations.forEach((migration, i) => {
    if (migration.version !== i + 1 || migration.minReaderVersion > migration.version)
      throw new Error(`Migration ${i + 1} is numbered ${migration.version}, readable by ${migration.minReaderVersion}`);
  });
}
