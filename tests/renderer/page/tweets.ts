import type { ConsumerRecord } from '../../../common/kafka/records.ts';

const TEXTS: readonly (readonly [lang: string, user: string, text: string])[] = [
  [
    'de',
    'pendlerin_ffm',
    'S8 Richtung Flughafen heute 12 Min. später. Frankfurt Hbf tief ist voll, weicht auf die S9 aus',
  ],
  ['en', 'skyline_walks', 'Sunrise over the Main, the Frankfurt skyline looks unreal from Eiserner Steg this morning'],
  ['ja', 'tokyo_frankfurt', 'フランクフルト空港に到着。レーマー広場のクリスマスマーケットへ'],
  [
    'en',
    'dataeng_mia',
    'Anyone else at the Kafka meetup in Frankfurt tonight? Talk on Connect transforms starts at 19:00',
  ],
  ['tr', 'kitap_kurdu', 'Frankfurt kitap fuarı için biletler açıldı, bu yıl konuk ülke çok güzel'],
  ['es', 'viajera', 'Primer día en Frankfurt y ya probé la salsa verde'],
  ['ar', 'safar', 'وصلت إلى فرانكفورت والطقس بارد لكن المدينة جميلة'],
  ['fr', 'ledetour', 'TGV 9551 Paris-Frankfurt à l’heure, wifi correct, café tiède'],
  ['uk', 'knyha', 'Українська книжкова полиця у бібліотеці Франкфурта'],
  ['en', 'planespotter', 'Two A350s on parallel approach 25L and 25R at Frankfurt, light wind, perfect view'],
  ['ko', 'seoul_ffm', '프랑크푸르트 중앙역에서 하이델베르크까지 기차로 한 시간'],
  ['it', 'pendolare', 'Sciopero finito, i voli da Roma per Francoforte tornano regolari'],
  ['pl', 'kierowca', 'Nocny autobus Wrocław-Frankfurt, kierowca zapowiada przerwę'],
  ['en', 'little_bobby', '<b>Robert</b>"); DROP TABLE topics; <img src=x onerror="alert(1)"> in Frankfurt'],
  ['en', 'opendata', 'Our open data group maps every drinking fountain in the city, come along on Saturday'],
];

const utf8 = (text: string) => new TextEncoder().encode(text);
const PARTITIONS = 3;

/** The record with a running number: most are posts, a few are what a list must be able to tell apart. */
export function recordAt(topic: string, index: number, timestamp: number): ConsumerRecord {
  const [lang, user, text] = TEXTS[index % TEXTS.length]!;
  const id = 1_860_243_019_874_000_000n + BigInt(index) * 4_813n;
  const base = {
    topic,
    partition: index % PARTITIONS,
    offset: BigInt(Math.floor(index / PARTITIONS)),
    timestamp: BigInt(timestamp),
    timestampType: 'CreateTime' as const,
    leaderEpoch: 0,
    key: utf8(user),
    headers:
      index % 4 === 0
        ? []
        : [
            { key: utf8('lang'), value: utf8(lang) },
            { key: utf8('trace'), value: index % 5 === 0 ? null : utf8(`00-${id.toString(16)}-01`) },
            { key: utf8('raw'), value: Uint8Array.of(0, 0, 0, 7, 255) },
          ].slice(0, index % 4),
  };
  switch (index % 29) {
    case 8:
      return { ...base, value: null };
    case 13:
      return { ...base, value: Uint8Array.of(0, 0, 0, 0, 42, 18, 80, 101, 110, 100, 101, 108, 255, 254), key: null };
    case 17:
      return { ...base, value: new Uint8Array(0) };
    case 21:
      return { ...base, value: utf8(`plain text with a turn \u202e and a tab\tand a NUL-free end, ${user}`) };
    case 25:
      return { ...base, value: utf8(JSON.stringify({ text: text.repeat(index % 5 === 0 ? 900 : 9), lang, n: index })) };
    default:
      return {
        ...base,
        value: utf8(
          `{"id":${id},"text":${JSON.stringify(text)},"created_at":"2026-11-23T10:42:17Z","lang":"${lang}","user":{"id":${1_000 + index},"screen_name":"${user}","followers_count":${(index * 37) % 9000},"verified":${index % 9 === 0},"location":"Frankfurt am Main"},"entities":{"hashtags":["kafka","etl"],"urls":[]},"geo":null,"retweet_count":${index % 12},"score":0.10}`,
        ),
      };
  }
}

export const partitionsOf = PARTITIONS;
