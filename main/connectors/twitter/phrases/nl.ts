import type { Language } from './language.ts';

export const nl: Language = {
  code: 'nl',
  weight: 2,
  first: 'Sanne|Lotte|Femke|Iris|Anouk|Eva|Daan|Bram|Sem|Thijs|Jeroen|Ruben|Niels|Maarten',
  last: 'de Vries|Jansen|Bakker|Visser|Smit|Meijer|Mulder|Bos|Vermeulen|Peeters|Willems|Hendriks',
  locations: 'Frankfurt|Utrecht|Amsterdam|Gent|Rotterdam|Groningen|Antwerpen|Nijmegen|Eindhoven',
  words: {
    wijk: 'Bornheim|Sachsenhausen|Bockenheim|Nordend',
    dag: 'maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag',
    gerecht: 'groene saus|appelwijn|Handkäse|een Rindswurst|appeltaart van de markt',
    stad: 'Utrecht|Gent|Groningen|Maastricht|Deventer|Leuven|Den Haag',
  },
  topics: {
    city: {
      tags: '#Frankfurt|#stedentrip|#skyline',
      posts: [
        'Frankfurt om {zes|zeven} uur ’s ochtends, de Main {spiegelglad|in de mist|roze}. Niemand had me gewaarschuwd dat het mooi is.',
        'Fietsen langs de Main bij Frankfurt: {n:18-40} km en geen enkele brug open. Wennen.',
        'In {wijk} kennen ze me nu bij de bakker. {n:2-14} maanden Frankfurt.',
        'Ganzen in Frankfurt stelen stroopwafels. Ik heb bewijs.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#trein',
      posts: [
        'ICE {Amsterdam|Utrecht|Arnhem}–Frankfurt {op tijd|{n:8-55} minuten later}, koffie op, humeur goed',
        'Overstap op Frankfurt in {n:40-60} minuten, gate A{n:10-60} naar Z{n:11-60}. Ik leef nog.',
      ],
    },
    food: {
      tags: '#eten|#Frankfurt',
      posts: [
        'Voor het eerst {gerecht} geproefd in {wijk}. Eerst stil, toen nog een bord. Frankfurt 1, vooroordeel 0.',
      ],
    },
    tech: {
      tags: '#ApacheKafka|#data|#opensource',
      posts: [
        'Kafka-meetup in Frankfurt op {dag}, {time}. Praatje zonder slides, met pannenkoeken.',
        'Vier uur gezocht. Het was de tijdzone. Het is altijd de tijdzone.',
      ],
    },
    elsewhere: {
      tags: '#weekend|#wandelen|#moestuin',
      posts: [
        'Weekend {stad}: {n:14-32} km gelopen, een museum, te veel frietjes',
        'Moestuin: {n:9-25} tomaten, een reuzencourgette, blije slakken',
        'Oma heeft spraakberichten ontdekt. {n:7-15} minuten over bieten.',
        'Regen in {stad}. Bioscoop, soep, sokken.',
        'In {stad} laat iemand een schildpad uit. Niemand kijkt op.',
      ],
    },
  },
  replies: ['{@} hier ook, al {n:10-30} minuten', '{@} ik ga mee, {dag} kan ik', '{@} mooiste bericht van de dag'],
};
