import { z } from 'zod';

/** What a person sets in the window; kept in `app/settings.json` of the data folder. */
export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Ask before quitting while connectors run. */
  confirmQuit: z.boolean(),
  /** The sandbox is started with the program: set by starting it, unset by stopping it. */
  startSandbox: z.boolean(),
  /** null: 9092, or the next free one. A number: that port or an error. */
  sandboxPort: z.int().min(1).max(65_535).nullable(),
  /** Containers of this computer reach the sandbox, without TLS and users. */
  shareWithContainers: z.boolean(),
  /** null: the sandbox. */
  bootstrapServers: z.string().min(1).max(4_096).nullable(),
  /** null: 8083, or the next free one. A number: that port or an error. */
  restPort: z.int().min(1).max(65_535).nullable(),
});
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  confirmQuit: true,
  startSandbox: false,
  sandboxPort: null,
  shareWithContainers: false,
  bootstrapServers: null,
  restPort: null,
};

export const settingsChange = settings.partial().strict();
export type SettingsChange = z.infer<typeof settingsChange>;
