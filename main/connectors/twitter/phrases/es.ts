import type { Language } from './language.ts';

export const es: Language = {
  code: 'es',
  weight: 4,
  first:
    'Lucía|Carmen|Marta|Paula|Sofía|Elena|Valeria|Ximena|Alba|Rocío|Javier|Pablo|Diego|Mateo|Álvaro|Sergio|Andrés|Tomás|Iván|Gonzalo',
  last: 'García|Martínez|López|Sánchez|Romero|Navarro|Torres|Ruiz|Vidal|Ortega|Castillo|Molina|Herrera|Vega|Campos|Ibáñez',
  locations:
    'Fráncfort|Frankfurt am Main|Madrid|Barcelona|Valencia|Sevilla|Buenos Aires|Ciudad de México|Bogotá|Santiago|Bilbao',
  words: {
    barrio: 'Bornheim|Sachsenhausen|Bockenheim|Nordend|Höchst|Gallus',
    dia: 'lunes|martes|miércoles|jueves|viernes|sábado|domingo',
    plato: 'la salsa verde con huevo|un Handkäse|una Rindswurst|el vino de manzana|un Frankfurter Kranz',
    museo: 'el Städel|el Senckenberg|la Schirn|el museo del cine|el Liebieghaus',
    ciudad: 'Sevilla|Valencia|Lisboa|Bilbao|Granada|Oaxaca|Rosario|Medellín',
    cosa: 'Kafka Connect|Flink|Postgres|SQLite|Debezium',
  },
  topics: {
    city: {
      tags: '#Frankfurt|#Fráncfort|#viajes|#Alemania|#skyline',
      posts: [
        'Primer día en Frankfurt y ya probé {plato}. Nada mal',
        'Frankfurt de noche desde el puente de hierro: {parece Nueva York en pequeño|me quedé sin batería|nadie me lo había contado}',
        'Dicen que Frankfurt es gris. Hoy {el Main|el cielo|media ciudad} es de color {rosa|naranja|oro}.',
        'En {barrio} me saludan ya en la panadería. {n:3-14} meses en Frankfurt y siento que vivo aquí.',
        'Bici por el Main hasta {Offenbach|Höchst|Hanau}, {n:15-36} km, viento en contra a la ida y a la vuelta. ¿Cómo?',
        'Los gansos del parque en Frankfurt me han robado un bocadillo. A plena luz del día.',
        '¿Alguien busca piso en Frankfurt? Ayer fuimos {n:30-110} a ver el mismo baño.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#aeropuerto|#viajes',
      posts: [
        'Escala de {n:3-7} horas en Frankfurt: tren al centro, {plato}, foto en el Römer y de vuelta. Se puede.',
        'Cambio de puerta en Frankfurt, de la A{n:10-60} a la Z{n:11-60}. Hoy no hace falta gimnasio.',
        'Aterrizado en Frankfurt desde {Bogotá|Buenos Aires|Ciudad de México}, {n:10-14} horas, dormí {n:1-4}. Café, por favor.',
        'Mi maleta está en {ciudad}. Yo, en Frankfurt. Nos escribimos.',
      ],
    },
    fair: {
      tags: '#fbm|#libros|#Frankfurt|#ferialibro',
      posts: [
        'Feria del Libro de Frankfurt, día {1|2|3}: {n:14-23} mil pasos, {n:3-15} catálogos, una silla libre y no era para mí',
        'Mesa sobre traducción a las {time}, pabellón 4, Frankfurt. Habrá café. {link:programa|feria}',
        'El stand más bonito de Frankfurt es de cartón y lo llevan dos hermanas',
      ],
    },
    football: {
      tags: '#SGE|#Eintracht|#futbol|#Bundesliga',
      posts: [
        'Noche europea en el Waldstadion. He ido a muchos campos, pero esta grada del Eintracht…',
        'Mi {hijo|sobrina|abuelo} ya canta el himno del Eintracht sin saber alemán',
        'Empate. {Lo firmo|Dos puntos menos|Mañana hablamos}. Qué final, Eintracht.',
      ],
    },
    food: {
      tags: '#comida|#Frankfurt|#tortilla',
      posts: [
        'He hecho tortilla para {n:6-14} alemanes en {barrio}. Ha habido silencio, luego aplausos.',
        'Camarero de Sachsenhausen ante mi pregunta por un vino de manzana dulce: «También tenemos puerta».',
        '{plato} para desayunar. No me juzguen.',
      ],
    },
    culture: {
      tags: '#arte|#museos|#Frankfurt',
      posts: [
        'Llueve en Frankfurt, así que {museo} hasta que cierren',
        'La orilla de los museos, {n:2-4} en una tarde. Los pies no opinan lo mismo.',
      ],
    },
    tech: {
      tags: '#ApacheKafka|#datos|#opensource|#programación',
      posts: [
        'Charla en Frankfurt sobre {cosa}: {n:20-40} minutos, cero diapositivas de relleno, bravo',
        'Cuatro horas buscando el fallo. Era la zona horaria. Siempre es la zona horaria.',
        '{cosa} y a dormir: lo que tardaba {n:4-9} horas ahora va con {n:3-30} segundos de retraso',
      ],
    },
    elsewhere: {
      tags: '#finde|#otoño|#huerto|#paseo',
      posts: [
        'Fin de semana en {ciudad}: {n:18-40} km andando y {n:4-9} heladerías, por estudiar',
        'En {ciudad} hay un señor que pasea una tortuga. Nadie se gira.',
        'Informe del huerto: {n:9-30} tomates, un calabacín enorme, los caracoles encantados',
        'Mi abuela ha descubierto los audios. {n:8-16} minutos sobre lentejas.',
        'Tren a {ciudad}, ventana, libro, bocadillo. No molestar.',
        '{ciudad} un {dia} por la mañana: pan caliente y nadie con prisa',
      ],
    },
  },
  replies: [
    '{@} aquí igual, ya van {n:12-40} minutos',
    '{@} me apunto, el {dia} puedo',
    '{@} lo mejor que he leído hoy',
    '{@} sin foto no me lo creo :)',
  ],
};
