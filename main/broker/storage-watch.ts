import {
  type DamagedRecords,
  NO_ALARMS,
  type OfflinePartition,
  type StorageAlarms,
} from '../../common/kafka/storage-alarms.ts';
import type { Time, Timer } from '../../common/time.ts';

const LOOK_MS = 1_000;
const MAX_RANGES = 100;
const MAX_OFFLINE = 100;

export interface StorageWatchOptions {
  readonly time: Time;
  /** Called at each change. */
  readonly onAlarms: (alarms: StorageAlarms) => void;
}

/** What is asked about the state of the disk. */
export interface WatchedStorage {
  readonly isDiskFull: boolean;
  offline(): Iterable<OfflinePartition>;
}

/** Looks once a second how the disk is, and keeps what was found damaged since the start. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  readonly #found = new Set<string>();
  #storage: WatchedStorage | undefined;
  #alarms = NO_ALARMS;
  #timer: Timer | undefined;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
  }

  /** From now on this storage is looked at, undefined: none. */
  watch(storage: WatchedStorage | undefined): void {
    this.#storage = storage;
    this.#timer?.cancel();
    if (storage) this.#look();
  }

  /** Of the data that was there: it is all gone. */
  forget(): void {
    this.#found.clear();
    this.#set({ ...this.#alarms, damaged: [], damagedCount: 0 });
  }

  /** The same range may be found again, by a log that is read anew. */
  damaged(range: DamagedRecords): void {
    const key = `${range.file} ${range.firstOffset}`;
    if (this.#found.has(key)) return;
    this.#found.add(key);
    const damaged = [...this.#alarms.damaged, range].slice(0, MAX_RANGES);
    this.#set({ ...this.#alarms, damaged, damagedCount: this.#found.size });
  }

  #look(): void {
    const { isDiskFull } = this.#storage as WatchedStorage;
    const offline = [...(this.#storage as WatchedStorage).offline()].slice(0, MAX_OFFLINE);
    if (isDiskFull !== this.#alarms.isDiskFull || named(offline) !== named(this.#alarms.offline)) {
      this.#set({ ...this.#alarms, isDiskFull, offline });
    }
    this.#timer = this.#options.time.timer(LOOK_MS, () => this.#look());
  }

  #set(alarms: StorageAlarms): void {
    this.#alarms = alarms;
    this.#options.onAlarms(alarms);
  }
}

function named(offline: readonly OfflinePartition[]): string {
  return offline.map(({ topic, partition, reason }) => `${topic}-${partition} ${reason}`).join('\n');
}
