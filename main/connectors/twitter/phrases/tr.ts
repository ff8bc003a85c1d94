import type { Language } from './language.ts';

export const tr: Language = {
  code: 'tr',
  weight: 4,
  first: 'Zeynep|Elif|Ayşe|Merve|Defne|Selin|Derya|Ebru|Gül|Mehmet|Emre|Can|Burak|Deniz|Kerem|Serkan|Onur|Yusuf|Barış',
  last: 'Yılmaz|Kaya|Demir|Şahin|Çelik|Aydın|Öztürk|Arslan|Doğan|Koç|Kurt|Aksoy|Polat|Güneş|Erdem',
  locations: 'Frankfurt|Frankfurt, Almanya|Offenbach|İstanbul|İzmir|Ankara|Hanau|Eskişehir|Gurbet|Bursa',
  words: {
    semt: 'Bornheim|Sachsenhausen|Bockenheim|Gallus|Höchst|Griesheim',
    gun: 'pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar',
    yemek: 'yeşil sos|elma şarabı|Handkäse|Rindswurst|elmalı kek',
    sehir: 'İzmir|Ankara|Eskişehir|Antalya|Trabzon|Mardin|Bursa|Çanakkale',
    sehirde: 'İzmir’de|Ankara’da|Eskişehir’de|Antalya’da|Trabzon’da|Mardin’de|Bursa’da|Çanakkale’de',
    arac: 'Kafka Connect|Flink|Postgres|SQLite|Debezium',
  },
  topics: {
    city: {
      tags: '#Frankfurt|#Almanya|#gezi|#manzara',
      posts: [
        'Frankfurt’ta sabah {6|7}, Main nehri {sisli|pespembe|sessiz}, elimde simit. Daha ne olsun.',
        'Frankfurt’a taşınalı {n:2-24} ay oldu, {semt} artık mahallem, fırıncı adımı biliyor',
        'Main Tower’dan bakınca {Taunus görünüyor|uçaklar sıraya girmiş|bizim sokak bile görünüyor}. Çıkın, görün.',
        'Konstablerwache pazarı, {n:2-5} kilo elma, bir bardak {yemek}. Frankfurt’ta cumartesi böyle.',
        'Frankfurt’un kazları simidimi çaldı. Şaka değil.',
        'Demir köprüde biri bağlama çalıyor, herkes durmuş dinliyor. Frankfurt’ta akşam.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#havalimanı|#FRA|#yolculuk',
      posts: [
        'Frankfurt havalimanında güvenlik {n:4-35} dakika. {Fena değil|Kitap getirin|Su şişesi yine gitti}.',
        '{sehir}–Frankfurt uçağı indi, {n:10-45} dakika erken. Valizim ise hâlâ {sehirde} olabilir.',
        'Frankfurt’ta aktarma: A{n:10-60} kapısından Z{n:11-60} kapısına. Spor salonuna gerek kalmadı.',
      ],
    },
    transit: {
      tags: '#Frankfurt|#sbahn|#rmv',
      posts: [
        'S{n:1-9} bugün {n:6-22} dakika gecikmeli, Konstablerwache dolu, U{n:4-7} daha rahat',
        'Tramvay {n:11-18} şoförü beni görüp bekledi. Frankfurt’ta güzel insanlar var.',
      ],
    },
    fair: {
      tags: '#fbm|#kitap|#Frankfurt|#kitapfuarı',
      posts: [
        'Frankfurt kitap fuarı için biletler açıldı, bu yıl çeviri günleri {cuma|cumartesi|perşembe}',
        'Kitap fuarında {n:14-22} bin adım, {n:3-9} sözleşme, sıfır boş sandalye. Frankfurt klasiği.',
        'Fuarın en güzel standı kartondan, iki kız kardeş kurmuş. Salon {3|4}.',
      ],
    },
    food: {
      tags: '#yemek|#Frankfurt|#çay',
      posts: [
        '{Bornheim’da|Gallus’ta|Höchst’te|Griesheim’da} gerçek çay buldum, ince belli bardakta. Frankfurt, şimdi tamam.',
        'İş arkadaşlarıma mantı yaptım, {n:6-14} Alman, tek lokma kalmadı',
        'İlk kez {yemek} denedim. Yüzüm önce ekşidi, sonra ikinciyi istedim.',
      ],
    },
    football: {
      tags: '#Eintracht|#SGE|#Bundesliga',
      posts: [
        'Waldstadion’da ışıklar yandı, {n:54-58} bin kişi, tüylerim diken diken. Haydi Eintracht!',
        'Eintracht {2:1|1:1|3:1|2:0} diyorum, {gun} görüşürüz',
      ],
    },
    tech: {
      tags: '#ApacheKafka|#veri|#yazılım|#açıkkaynak',
      posts: [
        'Frankfurt’taki Kafka buluşmasında konu {arac}. Pizza da var, sorular da.',
        'Dört saat hata aradım. Saat dilimiymiş. Hep saat dilimi.',
      ],
    },
    weather: {
      tags: '#hava|#Frankfurt',
      posts: [
        'Frankfurt {n:1-32} derece, {sisli|parçalı bulutlu|güneşli|sağanak yağışlı}. Yanınıza {hırka|şemsiye|gözlük} alın.',
      ],
    },
    elsewhere: {
      tags: '#gezi|#haftasonu|#deniz|#bahçe',
      posts: [
        '{sehirde} hafta sonu: {n:15-35} kilometre yürüyüş, bir müze, sayısız çay',
        'Anneannem sesli mesajı keşfetti. {n:8-15} dakika dolma anlattı.',
        '{sehir} sahilinde {gun} sabahı, simit, martı, sessizlik',
        'Balkon raporu: {n:9-30} domates, bir dev kabak, mutlu salyangozlar',
        'Trenle {sehir}, pencere kenarı, kitap, poğaça. Rahatsız etmeyin.',
        '{sehirde} kaplumbağa gezdiren bir amca var. Kimse dönüp bakmıyor.',
      ],
    },
  },
  replies: [
    '{@} bizde de aynı, {n:10-30} dakika oldu',
    '{@} ben de geliyorum, {gun} uygun',
    '{@} günün en güzel mesajı',
    '{@} fotoğraf yoksa inanmam :)',
  ],
};
