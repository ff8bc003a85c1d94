/** Where our tools are meant to do other than Kafka's, with the test of `tests/main/cli/kafka-tools.test.ts` that holds it. */
export const TOOL_DIFFERENCES: readonly { difference: string; test: string }[] = [
  {
    difference:
      'Groups, topics and partitions are printed sorted; Kafka’s tools print many of them in the order of a Java hash table.',
    test: 'rows are sorted',
  },
  {
    difference:
      'Wrong usage is told in Kafka’s sentence and one line that names `--help`, not with all options; `--help` prints to standard output and ends with 0.',
    test: 'wrong usage is one sentence',
  },
  {
    difference:
      'Errors are told with the Java class, the sentence and what can be done about it, without a stack trace.',
    test: 'an error of the broker is told without a trace',
  },
  {
    difference:
      'That nothing listens at an address is told at once, with exit code 1; Kafka’s tools try for a minute, and `kafka-consumer-groups` ends with 0 then.',
    test: 'that nothing listens is told at once',
  },
  {
    difference:
      '`delete-records` tells of a partition that is not there at once (`UnknownTopicOrPartitionException`); Kafka’s asks for a minute and tells of a time-out.',
    test: 'records of a partition that is not there',
  },
  {
    difference:
      '`configs` refuses clients, users, ips (quotas, SCRAM credentials), client-metrics and `--bootstrap-controller` in one sentence each. A broker that is not there is told at once.',
    test: 'settings that Runnel does not keep',
  },
  {
    difference:
      '`dump-log` refuses the decoders of tiered storage and share groups, decoder classes besides those of `org.apache.kafka.tools.api` for strings, integers and longs, and batches of a format before Kafka 0.11.',
    test: 'what dump-log does not read',
  },
  {
    difference: '`dump-log` changes no file; Kafka’s cuts an index of a broken length.',
    test: 'dump-log leaves an index of a broken length as it is',
  },
  {
    difference:
      '`-o json` prints what `--list` and `--describe` and `get-offsets` found as JSON, offsets as text; it is not among Kafka’s options.',
    test: 'JSON of everything that can be listed',
  },
];
