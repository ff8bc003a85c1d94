/**
 * Where in a JSON text a position is: `user.id`, `tags[3]`, `the root`. Walks from the start, so only for messages;
 * the text up to the position has been read without an error.
 */
export function pathAt(text: string, position: number): string {
  const path: (string | number)[] = [];
  let name: string | null = null;
  for (let at = 0; at < position; at++) {
    switch (text[at]) {
      case '"': {
        const end = stringEnd(text, at);
        name = text.slice(at + 1, end);
        at = end;
        break;
      }
      case ':':
        path[path.length - 1] = name ?? '';
        break;
      case '{':
        path.push('');
        break;
      case '[':
        path.push(0);
        break;
      case ',':
        if (typeof path.at(-1) === 'number') path[path.length - 1] = (path.at(-1) as number) + 1;
        break;
      case '}':
      case ']':
        path.pop();
        break;
    }
  }
  const text_ = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text_ === '' ? 'the root' : text_.replace(/^\./, '').slice(0, 200);
}

function stringEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
