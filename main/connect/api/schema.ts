/** Java: `org.apache.kafka.connect.data.Schema`. (The room's first file; filled in next.) */
export interface Schema {
  readonly type: string;
}
