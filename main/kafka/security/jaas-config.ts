import { ConfigException } from '../../../common/errors.ts';

const KEY = 'sasl.jaas.config';
const CONTROL_FLAGS: ReadonlySet<string> = new Set(['required', 'requisite', 'sufficient', 'optional']);

export interface LoginModule {
  /** Java's class name, `org.apache.kafka.common.security.plain.PlainLoginModule`. */
  className: string;
  options: ReadonlyMap<string, string>;
}

/**
 * `sasl.jaas.config`: one login module with its control flag and options, closed by a semicolon. Java: `JaasConfig`
 * and `JaasContext`. Java names the word at fault in its errors; where that word may be a piece of a password these
 * don't.
 *
 * @throws ConfigException
 */
export function parseJaasConfig(text: string): LoginModule {
  const tokens = tokenize(text);
  const modules: LoginModule[] = [];
  for (let at = 0; at < tokens.length; ) {
    const className = tokens[at]?.word;
    if (className === undefined) throw invalid('Login module not specified in JAAS config');
    const flag = tokens[at + 1];
    if (!flag) throw invalid('Login module control flag not specified in JAAS config');
    if (flag.word === undefined || !CONTROL_FLAGS.has(flag.word.toLowerCase())) {
      throw invalid(
        `Invalid login module control flag in JAAS config: the word behind the login module has to be ${[...CONTROL_FLAGS].join(', ')}`,
      );
    }
    const options = new Map<string, string>();
    at += 2;
    let before = flag.word;
    for (; tokens[at] && tokens[at]?.mark !== ';'; at += 3) {
      const [key, equals, value] = [tokens[at]?.word, tokens[at + 1]?.mark, tokens[at + 2]?.word];
      if (equals !== '=' || value === undefined || key === undefined) {
        throw invalid(`Value not specified for the key behind '${before}' in JAAS config`);
      }
      options.set(key, value);
      before = key;
    }
    if (!tokens[at]) throw invalid('JAAS config entry not terminated by semi-colon');
    at++;
    modules.push({ className, options });
  }
  const [only] = modules;
  if (!only) throw invalid('Login module not specified in JAAS config');
  if (modules.length > 1) {
    throw invalid(`JAAS config property contains ${modules.length} login modules, should be 1 module`);
  }
  return only;
}

function invalid(message: string): ConfigException {
  return new ConfigException(message, {
    key: KEY,
    hint: `Write ${KEY}=<class of the login module> required username="…" password="…";`,
  });
}

/** A word (quoted or not), or a mark that stands alone: `=`, `;`, or a character that is nothing here. */
interface Token {
  word?: string;
  mark?: string;
}

/** As `java.io.StreamTokenizer` is set up there: a slash begins a comment to the end of its line, but for `/* … *\/`. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char <= ' ') at++;
    else if (char === '/') at = afterComment(text, at);
    else if (char === '"' || char === "'") {
      const quoted = readQuoted(text, at);
      tokens.push({ word: quoted.word });
      at = quoted.end;
    } else if (isWordChar(char)) {
      let end = at + 1;
      while (end < text.length && isWordChar(text[end] as string)) end++;
      tokens.push({ word: text.slice(at, end) });
      at = end;
    } else {
      tokens.push({ mark: char });
      at++;
    }
  }
  return tokens;
}

function isWordChar(char: string): boolean {
  const code = char.charCodeAt(0);
  return code > 0x20 && !(code > 0x80 && code < 0xa0) && !`;=/"'`.includes(char);
}

function afterComment(text: string, at: number): number {
  if (text[at + 1] === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  const rest = text.slice(at).search(/[\r\n]/);
  return rest < 0 ? text.length : at + rest;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Up to the same quote, or the end of the line when it is missing. */
function readQuoted(text: string, start: number): { word: string; end: number } {
  const quote = text[start];
  let word = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n' && text[at] !== '\r') {
    if (text[at] !== '\\') word += text[at++];
    else {
      const octal = /^\\([0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(text.slice(at, at + 4));
      const escaped = text[at + 1] ?? '';
      word += octal ? String.fromCharCode(Number.parseInt(octal[1] as string, 8)) : (ESCAPES.get(escaped) ?? escaped);
      at += octal ? octal[0].length : 2;
    }
  }
  return { word, end: text[at] === quote ? at + 1 : at };
}
