/** A whole sandbox as one file (tar.gz). */
export interface SavedSandbox {
  file: string;
  files: number;
  /** Of the files; the archive is smaller. */
  bytes: number;
}

export interface RestoredSandbox {
  file: string;
  files: number;
  bytes: number;
  clusterId: string;
  /** Where the data is that was there before; null when there was none. */
  setAside: string | null;
}
