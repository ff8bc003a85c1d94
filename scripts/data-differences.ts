import { ALL_CASES } from '../tests/kit/connect-oracle/all-cases.ts';
import type { Answer, Case, Question } from '../tests/kit/connect-oracle/cases.ts';
import { recordedAnswers } from '../tests/kit/connect-oracle/fixtures.ts';

const GROUPS = [
  { title: 'Other results', of: 'What comes out is another.' },
  {
    title: 'Refused here, let through by Connect',
    of: 'The record fails (`errors.tolerance` says what becomes of it).',
  },
  { title: 'Refused by both, in other words', of: 'Who reads messages or classes of exceptions should know.' },
] as const;

const KINDS: Readonly<Partial<Record<Question['kind'], string>>> = {
  regex: 'Regular expressions',
  config: 'Configurations',
  text: 'Values as text',
  'number-text': 'Numbers as text',
  validate: 'Values against their schema',
};

/** How data differ from Kafka Connect's, grouped by what a user meets; each line begins with what it is about. */
export function dataDifferences(): string {
  const groups = GROUPS.map(() => new Map<string, Set<string>>());
  let count = 0;
  for (const [name, cases] of Object.entries(ALL_CASES)) {
    const recorded = recordedAnswers(name);
    count += cases.length;
    for (const it of cases) {
      if (it.why === undefined) continue;
      const subjects = groups[groupOf(it, recorded.get(JSON.stringify(it.ask)))] as Map<string, Set<string>>;
      if (!subjects.has(it.why)) subjects.set(it.why, new Set());
      subjects.get(it.why)?.add(subjectOf(it.ask));
    }
  }
  const sections = GROUPS.map(({ title, of }, i) => {
    const lines = [...(groups[i] as Map<string, Set<string>>)]
      .map(([why, subjects]) => `- **${[...subjects].join(', ')}**: ${why.replace(/\.$/, '')}.`)
      .sort();
    return `### ${title}\n\n${of}\n\n${lines.join('\n')}`;
  });
  return `${count} questions were put to Kafka’s own converters, transformations, predicates and configuration classes; apart from these lines our answers are equal.\n\n${sections.join('\n\n')}`;
}

function groupOf({ ours }: Case, java: Answer | undefined): number {
  if (ours !== undefined && 'ok' in ours) return 0;
  return java !== undefined && 'ok' in java ? 1 : 2;
}

/** `Cast`, whether of keys or of values. */
function subjectOf(question: Question): string {
  if (!('class' in question)) return KINDS[question.kind] ?? question.kind;
  return question.class.slice(question.class.lastIndexOf('.') + 1).replace(/\$(?:Key|Value)$/, '');
}
