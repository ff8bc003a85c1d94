/** Which topics there are, for handlers that are told of topics by name or by id. */
export interface TopicLookup {
  nameOf(topicId: string): string | undefined;
  idOf(topic: string): string | undefined;
  /** undefined for a topic that is not there */
  partitionCount(topic: string): number | undefined;
}
