import type { Language } from './language.ts';

export const fr: Language = {
  code: 'fr',
  weight: 4,
  first:
    'Camille|Léa|Manon|Julie|Claire|Inès|Sarah|Élodie|Margaux|Aurélie|Hugo|Lucas|Antoine|Théo|Mehdi|Julien|Nicolas|Karim|Bastien|Étienne',
  last: 'Martin|Bernard|Dubois|Moreau|Laurent|Girard|Roux|Fontaine|Chevalier|Garnier|Benali|Lefèvre|Mercier|Renard|Caron|Da Silva',
  locations: 'Francfort|Francfort-sur-le-Main|Strasbourg|Metz|Paris|Lyon|Bruxelles|Genève|Nancy|Luxembourg|Montréal',
  words: {
    quartier: 'Bornheim|Sachsenhausen|Bockenheim|Nordend|Höchst|Westend',
    jour: 'lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche',
    plat: 'la sauce verte|un Handkäs|un verre d’Apfelwein|des Bethmännchen|une Rindswurst',
    musee: 'Städel|Senckenberg|musée du cinéma|Schirn|Liebieghaus|musée de la communication',
    ville: 'Strasbourg|Lyon|Marseille|Lille|Nantes|Bruxelles|Genève|Metz',
    outil: 'Kafka Connect|Flink|Postgres|SQLite|Debezium|DuckDB',
  },
  topics: {
    city: {
      tags: '#Francfort|#Frankfurt|#skyline|#voyage|#Allemagne',
      posts: [
        'Francfort au petit matin, le Main {fume|dort encore|est tout rose}, et moi avec mon café sur le pont',
        'On m’avait dit « Francfort, c’est des banques ». On avait oublié {plat}, les parcs et les terrasses de {quartier}.',
        'Vue depuis la Main Tower : {les Vosges, non, mais le Taunus, oui|des avions à la queue leu leu|ma rue, si, si, là-bas}',
        'Samedi au marché de Konstablerwache, {n:2-4} kilos de pommes et {plat}. Francfort me gâte.',
        'Installée à {quartier} depuis {n:2-9} mois, je dis déjà bonjour à tout l’immeuble. Francfort, tu m’as eue.',
        'Les oies du Main à Francfort attaquent les pique-niques. {n:3-9} victimes sous mes yeux.',
        'Un piano place du Römer, une petite fille, tout Francfort s’arrête',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#train|#TGV|#voyage',
      posts: [
        'TGV 95{n:50-79} Paris–Frankfurt {à l’heure|avec {n:5-40} minutes de retard}, wifi correct, café moyen',
        'Correspondance à Frankfurt, {n:35-55} minutes, {n:2-4} kilomètres de couloirs. J’ai gagné.',
        'Ma valise est restée à {ville}. Moi je suis à l’aéroport de Francfort, en sandales.',
        'ICE vers {Strasbourg|Mannheim|Bâle} : voitures dans l’autre sens, tout le monde court, ambiance mariage',
        'Le contrôle à Francfort : {n:4-30} minutes, un sourire, une bouteille d’eau en moins',
      ],
    },
    fair: {
      tags: '#fbm|#livre|#Frankfurt|#traduction',
      posts: [
        'Foire du livre de Francfort, jour {1|2|3|4} : {n:13-22} 000 pas, {n:4-20} manuscrits promis, zéro chaise libre',
        'Deux romans vendus à la Buchmesse entre la machine à café et la sortie. Francfort, je t’aime.',
        'Table ronde sur la traduction à {time}, halle 4, Francfort. Venez, on rit aussi. {link:programme|traduction}',
      ],
    },
    food: {
      tags: '#cuisine|#Frankfurt|#Francfort|#apfelwein',
      posts: [
        'Goûté {plat} à {quartier}. {Méfiance, puis silence, puis deuxième assiette|Pas fâchée d’avoir osé|Ma grand-mère approuverait, je crois}.',
        'Sept herbes, pas d’aneth. À Francfort on ne plaisante pas avec ça.',
        'Où trouver une vraie baguette à Francfort un {jour} ? Question sérieuse.',
      ],
    },
    culture: {
      tags: '#musée|#art|#Frankfurt|#exposition',
      posts: [
        'Il pleut sur Francfort, donc {musee} jusqu’à la fermeture',
        'Deux heures devant un seul tableau au {Städel|Liebieghaus}. Le gardien m’a apporté une chaise.',
        'Concert hier à l’Alte Oper : le rappel a duré plus longtemps que le métro à attendre après',
      ],
    },
    tech: {
      tags: '#ApacheKafka|#data|#opensource|#dev',
      posts: [
        'Meetup Kafka à Francfort ce {jour} : {outil} expliqué avec des tapis à bagages. Génial.',
        'J’ai cherché {n:3-6} heures. C’était le fuseau horaire. C’est toujours le fuseau horaire.',
        '{outil} fait en {n:4-9} lignes ce que je faisais en {n:150-400}. Je vais prendre l’air.',
      ],
    },
    weather: {
      tags: '#météo|#Frankfurt|#Francfort',
      posts: [
        'Francfort, {n:2-33} degrés, {brouillard jusqu’au dixième étage|grand soleil|averses et éclaircies}. La Commerzbank a disparu.',
        'Orage sur {quartier}, j’ai compté jusqu’à {n:3-8}. Le chat est sous le lit.',
      ],
    },
    elsewhere: {
      tags: '#weekend|#balade|#photo|#train',
      posts: [
        'Week-end à {ville} : {n:20-45} km à pied, un musée, trop de pâtisseries',
        'La boulangère de {ville} m’a dit « à {jour} ». Elle a raison, je reviens.',
        'Marché de {ville}, {time} : tomates, accordéon, et un monsieur qui parle à son chien en alexandrins',
        'Mon potager : {n:8-25} tomates, une courge géante, des limaces ravies',
        'Grève finie, trains rétablis, je peux enfin rentrer à {ville}',
      ],
    },
  },
  replies: [
    '{@} pareil ici, {n:10-35} minutes déjà',
    '{@} je note, j’y vais {jour} !',
    '{@} meilleur message de la journée',
    '{@} il faut une photo, sinon je n’y crois pas',
  ],
};
