/**
 * Command lines that Kafka's tools and ours are asked in turn, each on a broker of its own that has seen the same until
 * then. `S` stands for `--bootstrap-server` and its address, `{dir}` for the folder with `FILES`. A `~` in front: the lines
 * come in the order of a Java hash table, ours are sorted. `=>` and a reason: what is printed to standard error, or all, is
 * meant to differ.
 */
export const FILES: Readonly<Record<string, string>> = {
  'offsets.json':
    '{"partitions":[{"topic":"a","partition":0,"offset":1},{"topic":"a","partition":1,"offset":-1},{"topic":"a","partition":2,"offset":99}],"version":1}',
  'duplicate.json': '{"partitions":[{"topic":"a","partition":0,"offset":1},{"topic":"a","partition":0,"offset":2}]}',
  'not.json': 'x',
  'version-2.json': '{"version":2,"partitions":[]}',
  'no-partitions.json': '{"version":1}',
  'incomplete.json': '{"version":1,"partitions":[{"topic":"a"}]}',
  'text-partition.json': '{"version":1,"partitions":[{"topic":"a","partition":"0","offset":1}]}',
  'empty.json': '{"version":1,"partitions":[]}',
  'add.properties': 'retention.ms=1000\n# a comment\ncleanup.policy=compact,delete\n',
  'client.properties': 'client.id=x\n',
  'plan.csv': 'a,0,1\na,2,2\n',
  'plan-of-two.csv': 'g1,a,0,2\ng2,a,1,99\n',
};

export const CONSUMER_GROUPS = `
~ consumer-groups S --list
~ consumer-groups S --list --state
~ consumer-groups S --list --type
~ consumer-groups S --list --state --type
~ consumer-groups S --list --state Empty
~ consumer-groups S --list --state empty,stable --type classic
~ consumer-groups S --list --type CONSUMER
consumer-groups S --list --state dead
consumer-groups S --list --state bogus
consumer-groups S --list --type x
consumer-groups S --list --type share
~ consumer-groups S --list --timeout 10000
consumer-groups S --list --timeout x
~ consumer-groups S --list --command-config {dir}/client.properties
consumer-groups S --describe --group g1
consumer-groups S --describe --group g1 --offsets
consumer-groups S --describe --group g1 --offsets --verbose
consumer-groups S --describe --group classic
consumer-groups S --describe --group classic --verbose
consumer-groups S --describe --group classic --members
consumer-groups S --describe --group classic --members --verbose
consumer-groups S --describe --group classic --state
consumer-groups S --describe --group classic --state --verbose
consumer-groups S --describe --group static --members
consumer-groups S --describe --group static --members --verbose
consumer-groups S --describe --group new
consumer-groups S --describe --group new --verbose
consumer-groups S --describe --group new --members
consumer-groups S --describe --group new --members --verbose
consumer-groups S --describe --group new --state
consumer-groups S --describe --group new --state --verbose
consumer-groups S --describe --group g1 --state
consumer-groups S --describe --group g1 --members
consumer-groups S --describe --group g1 --group g2
consumer-groups S --describe --all-groups
consumer-groups S --describe --all-groups --state
consumer-groups S --describe --all-groups --members
consumer-groups S --describe --group none
consumer-groups S --describe --group none --state
consumer-groups S --describe --group none --members
consumer-groups S --describe
consumer-groups S --describe --group g1 --state x
consumer-groups S --describe --group g1 --members --offsets
consumer-groups S --list --members
consumer-groups S --list --describe
consumer-groups S --list --delete --group g1
consumer-groups S
consumer-groups --list
consumer-groups S --list --group g1
consumer-groups S --list --topic a
consumer-groups S --describe --group g1 --all-groups
consumer-groups S --describe --group g1 --topic a
consumer-groups S --list --verbose
consumer-groups S --delete --group g1 --type classic
consumer-groups S --delete
consumer-groups S --delete --group g1 --topic a
consumer-groups S --delete --group classic
consumer-groups S --delete --group none
~ consumer-groups S --delete --group classic --group none
consumer-groups S --delete-offsets --group g1
consumer-groups S --delete-offsets --topic a
consumer-groups S --delete-offsets --group classic --topic a
consumer-groups S --delete-offsets --group new --topic a:0
consumer-groups S --delete-offsets --group none --topic a
consumer-groups S --delete-offsets --group g1 --topic a:9
consumer-groups S --delete-offsets --group g1 --topic nope
consumer-groups S --delete-offsets --group g1 --topic nope:1
consumer-groups S --delete-offsets --group g1 --topic a:x
consumer-groups S --delete-offsets --group g1 --topic a:0:1
~ consumer-groups S --reset-offsets --group g1 --topic a --to-earliest
~ consumer-groups S --reset-offsets --group g1 --topic a --to-earliest --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a:1,2 --to-latest --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a:1 --topic b.c --to-latest --dry-run
~ consumer-groups S --reset-offsets --group g1 --all-topics --to-current --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-current --dry-run
~ consumer-groups S --reset-offsets --group g1 --all-topics --shift-by 1 --dry-run
~ consumer-groups S --reset-offsets --group g1 --all-topics --shift-by -99 --dry-run
consumer-groups S --reset-offsets --group g1 --topic a:1 --shift-by 1 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-offset 99 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-offset 1 --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-offset x --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --shift-by 1.5 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-offset 1 --dry-run --export
~ consumer-groups S --reset-offsets --group g1 --group g2 --all-topics --to-offset 1 --dry-run --export
~ consumer-groups S --reset-offsets --group g1 --group g2 --all-topics --to-offset 1 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --by-duration PT0S --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --by-duration P9999D --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --by-duration p1dt1h1m1.5s --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --by-duration x --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --by-duration P --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14T22:13:20.004 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14T22:13:20.004Z --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14T23:13:20.004+01:00 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14T23:13:20.004+01 --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14T23:13:20.004+0100 --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-11-14 --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-02-30T00:00:00.000 --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-datetime 2023-02-03T00:00:00 --dry-run
consumer-groups S --reset-offsets --group g1 --to-earliest --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-earliest --to-latest --dry-run
consumer-groups S --reset-offsets --group g1 --topic a --to-earliest --execute --dry-run
consumer-groups S --reset-offsets --topic a --to-earliest --execute
consumer-groups S --reset-offsets --group classic --topic a --to-earliest --execute
~ consumer-groups S --reset-offsets --group made --topic a --to-earliest --dry-run
consumer-groups S --reset-offsets --group g1 --topic nope --to-earliest --dry-run
consumer-groups S --reset-offsets --group g1 --topic a:7 --to-earliest --dry-run
~ consumer-groups S --reset-offsets --group g1 --from-file {dir}/plan.csv --dry-run
~ consumer-groups S --reset-offsets --group g1 --group g2 --from-file {dir}/plan-of-two.csv --dry-run
~ consumer-groups S --reset-offsets --group g1 --group other --from-file {dir}/plan-of-two.csv --dry-run
consumer-groups S --reset-offsets --group g1 --from-file {dir}/nope --dry-run
~ consumer-groups S --reset-offsets --group g1 --topic a --to-offset 2 --execute
consumer-groups S --describe --group g1
~ consumer-groups S --reset-offsets --group g1 --from-file {dir}/plan.csv --execute
consumer-groups S --describe --group g1
~ consumer-groups S --reset-offsets --group made --topic b.c --to-latest --execute
consumer-groups S --describe --group made
consumer-groups S --delete-offsets --group g1 --topic a:1
consumer-groups S --delete-offsets --group g1 --topic a --topic nope
consumer-groups S --describe --group g1
consumer-groups S --delete --group made
consumer-groups S --delete --group g2
~ consumer-groups S --list
consumer-groups --validate-regex a.*
consumer-groups --validate-regex (a
consumer-groups --validate-regex a(?=b)
consumer-groups --validate-regex [
consumer-groups --validate-regex a{9999}
`;

export const CONFIGS = `
configs S --describe --topic b.c
configs S --describe --entity-type topics --entity-name b.c
configs S --describe --topic a
configs S --describe --topic a --all
~ configs S --describe --entity-type topics
configs S --describe --topic nope
configs S --describe --topic bad/name
configs S --describe --broker 1
configs S --describe --broker 1 --all
configs S --describe --entity-type brokers
configs S --describe --broker-defaults
configs S --describe --entity-type brokers --entity-default
configs S --describe --broker x
configs S --describe --broker 7
configs S --describe --entity-type brokers --entity-name x
configs S --describe --entity-type bogus
configs S --describe
configs S
configs --describe --topic a
configs S --bootstrap-controller localhost:1 --describe --topic a
configs S --describe --topic a --broker 1
configs S --describe --topic a --topic b.c
configs S --describe --topic a --entity-type topics
configs S --describe --group g1 --entity-type topics
configs S --describe --alter --topic a
configs S --describe --topic a --add-config x=y
configs S --describe --topic a --delete-config x
configs S --describe --entity-type topics --entity-default
configs S --describe --entity-type topics --entity-type brokers
configs S --describe --entity-type broker-loggers
configs S --alter --topic a
configs S --alter --entity-type topics --add-config x=y
configs S --alter --entity-type brokers --add-config x=y
configs S --alter --broker x --add-config a=b
configs S --alter --topic a --add-config retention.ms=1000
configs S --alter --topic a --add-config retention.ms=abc
configs S --alter --topic a --add-config no.such=abc
configs S --alter --topic a --add-config retention.ms
configs S --alter --topic a --add-config a=b=c
configs S --alter --topic a --add-config cleanup.policy=[compact,delete],retention.ms=2000
configs S --describe --topic a
configs S --alter --topic a --delete-config cleanup.policy
configs S --alter --topic a --delete-config cleanup.policy,retention.bytes
configs S --describe --topic a
configs S --alter --topic a --add-config-file {dir}/add.properties --add-config x=y
configs S --alter --topic a --add-config-file {dir}/add.properties
configs S --describe --topic a
configs S --alter --topic a --add-config-file {dir}/nope => a file that can't be read is named with its reason
configs S --alter --topic nope --add-config retention.ms=1
configs S --alter --topic a --delete-config retention.ms --add-config retention.ms=5
configs S --describe --topic a --command-config {dir}/nope => a file that can't be read is named with its reason
configs S --describe --topic b.c --command-config {dir}/client.properties
`;

export const DELETE_RECORDS = `
~ delete-records S --offset-json-file {dir}/offsets.json
~ delete-records S --offset-json-file {dir}/offsets.json
delete-records S --offset-json-file {dir}/duplicate.json
delete-records S --offset-json-file {dir}/not.json
delete-records S --offset-json-file {dir}/version-2.json
delete-records S --offset-json-file {dir}/no-partitions.json
delete-records S --offset-json-file {dir}/incomplete.json
delete-records S --offset-json-file {dir}/text-partition.json
delete-records S --offset-json-file {dir}/empty.json
delete-records S --offset-json-file {dir}/nope
~ delete-records S --offset-json-file {dir}/offsets.json --command-config {dir}/client.properties
delete-records S
delete-records --offset-json-file {dir}/offsets.json
get-offsets S --topic a --time earliest
`;

export const GET_OFFSETS = `
get-offsets S
get-offsets S --topic b.*
get-offsets S --topic a,b.c
get-offsets S --topic b.c --time -1
get-offsets S --topic b.c --time latest
get-offsets S --topic b.c --time -2
get-offsets S --topic a --time earliest
get-offsets S --topic a --time -3
get-offsets S --topic a --time max-timestamp
get-offsets S --topic a --time -4
get-offsets S --topic a --time earliest-local
get-offsets S --topic a --time 1700000000001
get-offsets S --topic a --time 1700000000007
get-offsets S --topic a --time 9999999999999
get-offsets S --topic a --time x
get-offsets S --topic nope
get-offsets S --topic a --partitions 0,2
get-offsets S --partitions 0,x
get-offsets S --partitions 9
get-offsets S --topic-partitions a:0-2,b.c
get-offsets S --topic-partitions a:0
get-offsets S --topic-partitions a:1-
get-offsets S --topic-partitions a:-2
get-offsets S --topic-partitions :0
get-offsets S --topic-partitions a:x => Kafka's sentence has the name of a Java class in it
get-offsets S --topic-partitions a:0 --topic a
get-offsets S --exclude-internal-topics
get-offsets S --topic __.* --exclude-internal-topics
get-offsets S --topic a --command-config {dir}/client.properties
`;

export const TOPICS = `
topics S --list
topics S --list --exclude-internal
topics S --list --topic a
topics S --list --topic a|b.*
topics S --list --topic a,b.c
topics S --list --topic zz
~ topics S --describe
~ topics S --describe --exclude-internal
topics S --describe --topic a
topics S --describe --topic a --under-replicated-partitions
topics S --describe --unavailable-partitions
topics S --describe --under-min-isr-partitions
~ topics S --describe --at-min-isr-partitions
topics S --describe --at-min-isr-partitions --topics-with-overrides
topics S --describe --topic a --under-replicated-partitions --unavailable-partitions
~ topics S --describe --topics-with-overrides
topics S --describe --topic nope
topics S --describe --topic nope --if-exists
topics S --describe --if-exists
topics S --describe --topic-id AAAAAAAAAAAAAAAAAAAABg
topics S --describe --topic-id AAAAAAAAAAAAAAAAAAAABg --if-exists
~ topics S --describe --topic-id AAAAAAAAAAAAAAAAAAAAAA
topics S --describe --topic-id AAAA
topics S --describe --topic a --topic-id AAAAAAAAAAAAAAAAAAAABg
topics S --describe --topic a --partition-size-limit-per-response 1
topics S --describe --topic a --partition-size-limit-per-response x
topics S --describe --topic a --if-not-exists
topics S
topics --list
topics S --list --describe
topics S --list --if-exists
topics S --list --if-not-exists
topics S --list --partitions 3
topics S --list --topics-with-overrides
topics S --list --unavailable-partitions
topics S --list --config a=b
topics S --create
topics S --create --topic n1
topics S --create --topic n1
topics S --create --topic n1 --if-not-exists
topics S --create --topic n_2 --partitions 3 --replication-factor 1 --config retention.ms=1000 --config cleanup.policy=compact
topics S --describe --topic n_2
topics S --create --topic n3 --partitions 0
topics S --create --topic n3 --partitions -1
topics S --create --topic n3 --partitions x
topics S --create --topic n3 --replication-factor 40000
topics S --create --topic n3 --config nonsense
topics S --create --topic n3 --config no.such=1
topics S --create --topic n3 --config retention.ms=abc
topics S --create --topic n3 --config retention.ms=
topics S --create --topic n4 --replica-assignment 1,1
topics S --create --topic n5 --replica-assignment 1:1
topics S --create --topic n5 --replica-assignment 1,1:2
topics S --create --topic n5 --replica-assignment x
topics S --create --topic n5 --replica-assignment 1 --partitions 2
topics S --create --topic n5 --replica-assignment 1 --replication-factor 2
topics S --create --topic a.b
topics S --create --topic n6 --if-exists
topics S --create --topic n6 --under-replicated-partitions
topics S --create --topic n6 --exclude-internal
topics S --describe --topic n4
topics S --alter --topic n4 --partitions 4
topics S --alter --topic n4 --partitions 4
topics S --alter --topic n4 --partitions 1
topics S --alter --topic n4 --partitions x
topics S --alter --topic n4 --partitions 6 --replica-assignment 1,1,1,1,1,1
topics S --alter --topic n4
topics S --alter --topic nope --partitions 4
topics S --alter --topic nope --partitions 4 --if-exists
topics S --alter --topic n4 --partitions 9 --config a=b
topics S --alter --topic n4 --delete-config a
topics S --alter --topic n4 --partitions 9 --replication-factor 1
topics S --alter --partitions 9
topics S --describe --topic n4
topics S --delete
topics S --delete --topic nope
topics S --delete --topic nope --if-exists
topics S --delete --topic-id AAAAAAAAAAAAAAAAAAAABg
topics S --delete --topic a --exclude-internal
topics S --delete --topic n4
topics S --delete --topic n.*
topics S --list
topics S --list --command-config {dir}/client.properties
`;
