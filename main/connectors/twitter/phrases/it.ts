import type { Language } from './language.ts';

export const it: Language = {
  code: 'it',
  weight: 3.5,
  first:
    'Giulia|Chiara|Francesca|Martina|Sara|Elisa|Alice|Ilaria|Valentina|Marco|Luca|Matteo|Andrea|Davide|Stefano|Paolo|Simone|Giorgio',
  last: 'Rossi|Ferrari|Bianchi|Colombo|Ricci|Marino|Greco|Conti|De Luca|Costa|Fontana|Moretti|Serra|Gallo|Villa',
  locations: 'Francoforte|Francoforte sul Meno|Milano|Roma|Torino|Bologna|Napoli|Verona|Palermo|Trieste|Bolzano',
  words: {
    quartiere: 'Bornheim|Sachsenhausen|Bockenheim|Nordend|Höchst|Westend',
    giorno: 'lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica',
    piatto: 'la salsa verde|l’Handkäse con la «musica»|il vino di mele|la Rindswurst|i Bethmännchen',
    citta: 'Bologna|Torino|Napoli|Trieste|Verona|Lecce|Palermo|Bergamo',
    coso: 'Kafka Connect|Flink|Postgres|SQLite|Debezium',
  },
  topics: {
    city: {
      tags: '#Francoforte|#Frankfurt|#Germania|#skyline',
      posts: [
        'Francoforte alle {6|7} del mattino, il Meno {fuma|è uno specchio|è ancora blu} e i grattacieli sembrano finti',
        '«Francoforte? Solo banche.» E intanto io mangio {piatto} sotto un melo.',
        'A {quartiere} il barista mi chiama per nome da {n:2-9} settimane. Frankfurt è anche questo.',
        'Dal Main Tower si vede {il Taunus|la fila degli aerei|casa mia, quasi}. Vale la coda.',
        'Le oche del Meno contro il mio panino: {n:1-3} a 0 per le oche',
        'Mercato di Konstablerwache, sabato, {n:2-5} chili di mele e un bicchiere alle undici. Tradizione di Frankfurt, dicono.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#volo|#treno|#viaggi',
      posts: [
        'Sciopero finito, i voli da {Roma|Milano|Bologna} per Frankfurt tornano regolari',
        'Atterrata a Frankfurt, {n:8-35} minuti d’anticipo, la valigia invece è in vacanza a {citta}',
        'Coincidenza a Frankfurt in {n:38-55} minuti, gate A{n:10-60}, poi Z{n:11-60}. Ce l’ho fatta, sudata.',
        'Notturno per {Monaco|Vienna|Bologna} dal binario {n:1-24} di Frankfurt, cuccetta in basso, buonanotte',
      ],
    },
    fair: {
      tags: '#fbm|#libri|#Frankfurt|#editoria',
      posts: [
        'Fiera del libro di Francoforte, {n:14-22} mila passi, {n:3-12} storie bellissime e nessuna sedia',
        'Diritti venduti in corridoio, davanti alla macchinetta. Frankfurt funziona così dal 1949.',
      ],
    },
    food: {
      tags: '#cucina|#Frankfurt|#caffè',
      posts: [
        'Ho assaggiato {piatto}. Ho detto «interessante». Poi ho finito tutto.',
        'Caffè decente a Francoforte, {quartiere}, il posto con la porta {verde|gialla|blu}. Non ditelo a tutti.',
        'Ho fatto la carbonara per {n:5-12} colleghi di Francoforte. Nessuno ha nominato la panna. Li amo.',
      ],
    },
    football: {
      tags: '#Eintracht|#SGE|#calcio',
      posts: [
        'Waldstadion pieno, sciarpe in alto, brividi. Da milanese non lo dirò a nessuno, ma l’Eintracht…',
        'Il portiere dell’Eintracht oggi ha {n:5-10} mani',
      ],
    },
    culture: {
      tags: '#arte|#musei|#Frankfurt|#mostra',
      posts: [
        'Pioggia a Francoforte, quindi Städel. Due ore davanti a un solo quadro, il custode mi ha portato una sedia.',
        'Alte Oper, ieri: il bis più lungo del programma. Grazie.',
      ],
    },
    tech: {
      tags: '#ApacheKafka|#dati|#opensource',
      posts: [
        'Stasera a Frankfurt si parla di {coso}, pizza compresa (ho controllato la pizza, va bene)',
        'Tre ore di debug. Era il fuso orario. È sempre il fuso orario.',
      ],
    },
    elsewhere: {
      tags: '#weekend|#mare|#orto|#passeggiata',
      posts: [
        'Fine settimana a {citta}: {n:18-38} km a piedi, una chiesa, {n:3-7} gelati',
        'Treno per {citta}, finestrino, taralli, silenzio. {giorno} perfetto.',
        'Orto: {n:10-30} pomodori, una zucchina enorme, lumache felici',
        'Nonna ha scoperto i vocali. {n:9-17} minuti sul ragù.',
        'A {citta} un signore porta a spasso una tartaruga. Nessuno si gira.',
        'Nebbia a {citta}, {n:3-9} gradi, il bar è pieno e va bene così',
      ],
    },
  },
  replies: [
    '{@} anche qui, già {n:12-35} minuti',
    '{@} ci vengo anch’io, {giorno} va bene',
    '{@} la cosa più bella letta oggi',
    '{@} senza foto non ci credo',
  ],
};
