import { ConfigException } from '../../../common/errors.ts';

/** One login module of an entry. */
export interface LoginModule {
  className: string;
  /** `required`, `requisite`, `sufficient` or `optional` */
  flag: string;
  options: ReadonlyMap<string, string>;
}

/**
 * The entries of a JAAS file by name. Throws ConfigException that names the file.
 * Java: `javax.security.auth.login.Configuration`.
 */
export function parseJaasConfig(path: string, text: string): ReadonlyMap<string, readonly LoginModule[]> {
  const tokens = tokensOf(path, text);
  let at = 0;
  const take = (what: string, ...expected: readonly string[]): string => {
    const token = tokens[at++];
    if (token === undefined || (expected.length > 0 && !expected.includes(token)))
      throw new ConfigException(`${path} is no JAAS file: ${what} is missing at ${token ?? 'its end'}`, {
        key: 'java.security.auth.login.config',
      });
    return token;
  };
  const entries = new Map<string, readonly LoginModule[]>();
  while (at < tokens.length) {
    const name = unquoted(take('the name of an entry'));
    take('{', '{');
    const modules: LoginModule[] = [];
    while (tokens[at] !== '}') {
      const className = take('a login module');
      const flag = take('a flag').toLowerCase();
      const options = new Map<string, string>();
      while (tokens[at] !== ';') {
        const option = take('an option');
        take('=', '=');
        options.set(option, unquoted(take('a value')));
      }
      take(';', ';');
      modules.push({ className, flag, options });
    }
    take('}', '}');
    take(';', ';');
    entries.set(name, modules);
  }
  return entries;
}

function tokensOf(path: string, text: string): readonly string[] {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*|^\s*#.*/gm, (it) =>
    it.startsWith('"') ? it : ' ',
  );
  const tokens: readonly string[] = plain.match(/"(?:[^"\\]|\\.)*"|[{};=]|[^\s{};="]+|"/g) ?? [];
  if (tokens.includes('"'))
    throw new ConfigException(`${path} is no JAAS file: a quote is not closed`, {
      key: 'java.security.auth.login.config',
    });
  return tokens;
}

function unquoted(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
}
