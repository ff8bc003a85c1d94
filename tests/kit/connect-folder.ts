import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What differs between two workers that run the same folder: names carry the side, so that they share one Kafka. */
export interface FolderOptions {
  folder: string;
  side: string;
  bootstrapServers: string;
  port: number;
  pluginPath: string;
}

/** `worker.properties` as a person has it after years: from Kafka's and Docker's examples, a cluster's settings left in. */
const WORKER = `# Licensed to whom it may concern
# These are defaults. This file just demonstrates how to override some settings.
bootstrap.servers={bootstrap}

! The converters specify the format of data in Kafka
key.converter = org.apache.kafka.connect.storage.StringConverter
value.converter: org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=true
value.converter.schemas.enable\\u003dfalse
value.converter.schemas.enable false

group.id=connect-cluster
offset.storage.topic=connect-offsets
offset.storage.replication.factor=1
config.storage.topic=connect-configs
status.storage.topic=connect-status

offset.storage.file.filename={folder}/connect.\\
    offsets
offset.flush.interval.ms=1000
listeners=http://127.0.0.1:{port}
plugin.path={plugins}

config.providers=file,directory
config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
config.providers.file.param.allowed.paths={folder}
config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider

connector.client.config.override.policy=Allowlist
connector.client.config.override.allowlist=linger.ms,client.id,max.poll.records
producer.linger.ms=2
producer.compression.type=gzip
consumer.max.poll.records=7
my.own.note=Caf\\u00e9
`;

/** ISO 8859-1, with an escape, a continued line and a comment. */
const SOURCE = `# a source \xe9t\xe9
name={side}-source
connector.class=FileStreamSource
tasks.max=3
file=\${file:{folder}/secrets.properties:path}
topic={side}-lines
transforms=hoist, \\
           place
transforms.hoist.type=org.apache.kafka.connect.transforms.HoistField$Value
transforms.hoist.field=line
transforms.place.type=org.apache.kafka.connect.transforms.InsertField$Value
transforms.place.static.field=ort
transforms.place.static.value=gr\\u00fc\xdf dich
producer.override.linger.ms=1
topic.creation.default.partitions=2
topic.creation.default.replication.factor=1
topic.creation.default.retention.ms=\${directory:{folder}/given:retention}
`;

/** The flat JSON form, with a number and a boolean. */
const SINK = `{
  "name": "{side}-sink",
  "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
  "tasks.max": 1,
  "topics": "{side}-lines",
  "file": "{folder}/out.txt",
  "value.converter": "org.apache.kafka.connect.storage.StringConverter",
  "errors.log.enable": false,
  "consumer.override.max.poll.records": "3"
}
`;

/** An answer of REST, saved. */
const PAUSED = `{"name": "{side}-paused", "initial_state": "PAUSED", "type": "source", "tasks": [],
 "config": {"connector.class": "FileStreamSource", "file": "{folder}/in.txt", "topic": "{side}-paused"}}
`;

/** Writes the folder and gives the paths of its connector files, in the order of the command line. */
export function writeConnectFolder(options: FolderOptions): { worker: string; connectors: string[] } {
  const { folder } = options;
  mkdirSync(join(folder, 'given'), { recursive: true });
  const write = (name: string, text: string, encoding: 'latin1' | 'utf8' = 'utf8') => {
    writeFileSync(join(folder, name), Buffer.from(filled(text, options), encoding));
    return join(folder, name);
  };
  write('secrets.properties', 'path={folder}/in.txt\npassword=CANARY\n');
  write('given/retention', '86400000');
  write('in.txt', 'first line\nümläut €\n\n{"json": "as text"}\nlast\n');
  return {
    worker: write('worker.properties', WORKER, 'latin1'),
    connectors: [write('source.properties', SOURCE, 'latin1'), write('sink.json', SINK), write('paused.json', PAUSED)],
  };
}

export function filled(text: string, { folder, side, bootstrapServers, port, pluginPath }: FolderOptions): string {
  return text
    .replaceAll('{bootstrap}', bootstrapServers)
    .replaceAll('{folder}', folder)
    .replaceAll('{side}', side)
    .replaceAll('{port}', String(port))
    .replaceAll('{plugins}', pluginPath);
}
