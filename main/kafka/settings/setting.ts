export const CLIENTS = ['producer', 'consumer', 'admin'] as const;
export type Client = (typeof CLIENTS)[number];

interface NumberSetting {
  type: 'SHORT' | 'INT' | 'LONG' | 'DOUBLE';
  default: number | null;
  min?: number;
  max?: number;
  /** one value outside the bounds that is allowed, `-1 = the codec's own` */
  or?: number;
}
interface TextSetting {
  type: 'STRING';
  default: string | null;
  /** accepted values; upper and lower case are told apart unless `anyCase` */
  values?: readonly string[];
  anyCase?: boolean;
  nonEmpty?: boolean;
  /** Why the value can't be, in Kafka's words; null: it can. */
  check?(value: string): string | null;
}
interface BooleanSetting {
  type: 'BOOLEAN';
  default: boolean;
}
interface ListSetting {
  type: 'LIST';
  default: readonly string[];
  required?: boolean;
}
/** Never shown in any text. */
interface PasswordSetting {
  type: 'PASSWORD';
  default: string | null;
}
/** Full name of a Java class. */
interface ClassSetting {
  type: 'CLASS';
  default: string | null;
}
/** A setting of Kafka's Java clients (4.3.1), with the type, bounds and default that it has there. */
export type Setting = (NumberSetting | TextSetting | BooleanSetting | ListSetting | PasswordSetting | ClassSetting) & {
  clients: readonly Client[];
  /** Where a client's default is another one. */
  defaultOf?: { readonly [C in Client]?: number };
};

/**
 * A setting of Java's that changes nothing here. It is checked as there, and told once by name: as something to know
 * (`accepted`), or as something that a person may miss (`warned`).
 */
export type IdleSetting = (
  | Omit<NumberSetting, 'default'>
  | Omit<TextSetting, 'default'>
  | Omit<BooleanSetting, 'default'>
  | Omit<ListSetting, 'default'>
  | Omit<PasswordSetting, 'default'>
  | Omit<ClassSetting, 'default'>
) & { clients: readonly Client[] } & ({ accepted: string } | { warned: string });
