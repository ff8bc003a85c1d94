/** First configurations, as Kafka's own quick start has them. */
export const TEMPLATES = [
  {
    name: 'File lines into a topic',
    text: `name=local-file-source
connector.class=FileStreamSource
tasks.max=1
file=lines.txt
topic=lines
`,
  },
  {
    name: 'A topic into a file',
    text: `name=local-file-sink
connector.class=FileStreamSink
tasks.max=1
file=lines.out.txt
topics=lines
`,
  },
  {
    name: 'Tweets with a word (replay)',
    text: `{
  "name": "twitter-source",
  "config": {
    "connector.class": "com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector",
    "tasks.max": "1",
    "topic": "twitter",
    "track.terms": "frankfurt",
    "twitter.consumerkey": "…",
    "twitter.consumersecret": "…",
    "twitter.token": "…",
    "twitter.secret": "…"
  }
}
`,
  },
] as const;
