import type { Language } from './language.ts';

export const pt: Language = {
  code: 'pt',
  weight: 2.5,
  first: 'Ana|Beatriz|Mariana|Inês|Joana|Larissa|Camila|Rita|João|Pedro|Tiago|Rafael|Bruno|Miguel|Gustavo|Diogo',
  last: 'Silva|Santos|Ferreira|Pereira|Oliveira|Costa|Rodrigues|Almeida|Ribeiro|Carvalho|Lopes|Nogueira|Barros|Pires',
  locations: 'Frankfurt|Frankfurt am Main|Lisboa|Porto|São Paulo|Rio de Janeiro|Coimbra|Braga|Curitiba|Recife',
  words: {
    bairro: 'Bornheim|Sachsenhausen|Bockenheim|Nordend|Gallus',
    dia: 'segunda|terça|quarta|quinta|sexta|sábado|domingo',
    prato: 'molho verde com ovo|vinho de maçã|Handkäse|uma Rindswurst|bolo de maçã',
    cidade: 'Porto|Coimbra|Évora|Salvador|Recife|Curitiba|Braga|Olinda',
  },
  topics: {
    city: {
      tags: '#Frankfurt|#Alemanha|#viagem|#skyline',
      posts: [
        'Mudança para Frankfurt confirmada, procuro quarto perto {da universidade|do Main|de qualquer padaria}',
        'Frankfurt às {6|7} da manhã: o Main {parado|cor-de-rosa|com névoa}, e eu de pantufas na ponte',
        'Em {bairro} já me dizem bom dia em português. {n:3-18} meses de Frankfurt.',
        'Do alto da Main Tower dá para ver {os aviões em fila|o Taunus|quase a minha janela}',
        'Os gansos de Frankfurt comeram o meu pão de queijo. Estou em luto.',
      ],
    },
    travel: {
      tags: '#Frankfurt|#FRA|#aeroporto|#voo',
      posts: [
        'São Paulo–Frankfurt, {n:11-12} horas, dormi {n:1-4}. Alguém me passa um café.',
        'Conexão em Frankfurt com {n:40-70} minutos e {n:2-4} km de corredor. Cheguei. Quase.',
        'A minha mala foi para {cidade}, eu fiquei em Frankfurt. Saudades dela.',
      ],
    },
    food: {
      tags: '#comida|#Frankfurt|#pastel',
      posts: [
        'Provei {prato}. Primeiro estranha-se, depois entranha-se. Frankfurt, ganhaste.',
        'Pastéis de nata decentes em Frankfurt! {bairro}, porta azul, acabam às {time}.',
      ],
    },
    football: {
      tags: '#Eintracht|#SGE|#futebol',
      posts: ['Noite europeia em Frankfurt, arquibancada cantando sem parar. Que torcida tem o Eintracht!'],
    },
    tech: {
      tags: '#ApacheKafka|#dados|#opensource',
      posts: [
        'Encontro de Kafka em Frankfurt {dia}, falo às {time}. Prometo poucos slides.',
        'Cinco horas de depuração. Era o fuso horário. É sempre o fuso horário.',
      ],
    },
    fair: {
      tags: '#fbm|#livros|#Frankfurt',
      posts: [
        'Feira do Livro de Frankfurt: {n:14-22} mil passos, {n:3-11} catálogos e um abraço de uma editora que eu só conhecia por carta',
      ],
    },
    elsewhere: {
      tags: '#passeio|#fimdesemana|#mar|#horta',
      posts: [
        'Fim de semana em {cidade}: {n:15-30} km a pé, ladeiras incluídas',
        'A minha avó descobriu os áudios. {n:8-16} minutos sobre feijão.',
        'Comboio para {cidade}, janela, livro, sandes. Não incomodar.',
        'Horta: {n:9-28} tomates, uma abóbora gigante, caracóis contentes',
        '{cidade} numa {segunda|terça|quarta} de chuva: cinema, sopa, meias',
        'Em {cidade} há um senhor que passeia uma tartaruga. Ninguém olha.',
      ],
    },
  },
  replies: [
    '{@} aqui também, já lá vão {n:12-35} minutos',
    '{@} alinho, {dia} dá-me jeito',
    '{@} melhor coisa que li hoje',
  ],
};
