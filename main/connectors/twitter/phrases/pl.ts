import type { Language } from './language.ts';

export const pl: Language = {
  code: 'pl',
  weight: 2.5,
  first: 'Anna|Katarzyna|Magda|Zuzanna|Ola|Kinga|Ewa|Agnieszka|Piotr|Tomek|Michał|Kuba|Paweł|Bartek|Marcin|Wojtek',
  last: 'Nowak|Kowalczyk|Wójcik|Mazur|Król|Pawlak|Sikora|Wilk|Zając|Kaczmarek|Walczak|Sroka|Duda|Stępień',
  locations: 'Frankfurt nad Menem|Frankfurt|Wrocław|Kraków|Warszawa|Poznań|Gdańsk|Łódź|Opole|Katowice',
  words: {
    dzielnica: 'Bornheim|Sachsenhausen|Bockenheim|Nordend|Höchst',
    dzien: 'w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę',
    danie: 'zielony sos|wino jabłkowe|ser z „muzyką”|kiełbasę wołową|szarlotkę z targu',
    miasto: 'Wrocławiu|Krakowie|Gdańsku|Lublinie|Toruniu|Poznaniu|Zakopanem|Łodzi',
  },
  topics: {
    city: {
      tags: '#Frankfurt|#Niemcy|#podróże|#skyline',
      posts: [
        'Frankfurt o {piątej|szóstej} rano, Men {we mgle|różowy|gładki jak szkło}, wieżowce jak z kartonu',
        'Mówili: Frankfurt, same banki. A ja siedzę pod jabłonią i jem {danie}.',
        'W dzielnicy {dzielnica} pani w piekarni zna już moje imię. {n:5-20} miesięcy we Frankfurcie.',
        'Z Main Tower widać {Taunus|kolejkę samolotów|prawie mój balkon}. Frankfurt jest ładny, kropka.',
        'Gęsi nad Menem ukradły mi kanapkę. Frankfurt, biały dzień.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#lotnisko|#pociąg',
      posts: [
        'Przesiadka we Frankfurcie: {n:45-50} minut, bramka A{n:10-60}, potem Z{n:11-60}. Trening zaliczony.',
        'Walizka została w {miasto}, ja jestem we Frankfurcie. Piszemy do siebie.',
        'Kontrola na lotnisku Frankfurt: {n:5-20} minut i jedna butelka wody mniej',
      ],
    },
    food: {
      tags: '#jedzenie|#Frankfurt|#pierogi',
      posts: [
        'Ulepiłam pierogi dla {n:6-14} kolegów z Frankfurtu. Zostały talerze.',
        'Spróbowałem: {danie}. Najpierw cisza, potem dokładka.',
      ],
    },
    fair: {
      tags: '#fbm|#książki|#Frankfurt',
      posts: ['Targi Książki we Frankfurcie: {n:14-20} tysięcy kroków, {n:5-11} rozmów i ani jednego wolnego krzesła'],
    },
    tech: {
      tags: '#ApacheKafka|#dane|#opensource',
      posts: [
        'Spotkanie o Kafce we Frankfurcie {dzien}, start {time}. Będzie pizza i {n:2-4} wykłady.',
        'Pięć godzin szukania błędu. To była strefa czasowa. To zawsze jest strefa czasowa.',
      ],
    },
    football: {
      tags: '#Eintracht|#SGE|#Bundesliga',
      posts: ['{n:54-58} tysięcy na Waldstadion i ten śpiew. Eintracht, dziękuję za ciarki.'],
    },
    elsewhere: {
      tags: '#weekend|#spacer|#góry|#ogród',
      posts: [
        'Weekend w {miasto}: {n:16-35} km pieszo, jedno muzeum, {n:5-9} pączków',
        'Babcia odkryła wiadomości głosowe. {n:8-16} minut o ogórkach.',
        'Raport z działki: {n:9-20} pomidorów, cukinia wielkości psa, ślimaki zadowolone',
        'Deszcz w {miasto}. Kino, zupa, skarpety.',
        'W {miasto} jest pan, który wyprowadza żółwia. Nikt się nie ogląda.',
        'Pociąg, okno, książka, kanapka z jajkiem. Proszę nie przeszkadzać.',
      ],
    },
  },
  replies: [
    '{@} u mnie też, już {n:12-20} minut',
    '{@} piszę się, {dzien} mogę',
    '{@} najlepsze, co dziś przeczytałem',
  ],
};
