import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as connect from '../public/connect.ts';

/** The name under which plugins import what they are made of. */
export const API_MODULE = '@runnel-app/runnel/connect';
const GLOBAL = Symbol.for(API_MODULE);

let installed = false;

/**
 * From here on `import … from '@runnel-app/runnel/connect'` gives, wherever the importing file lies, the classes of
 * this very process: a plugin package carries no Runnel of its own, and its Structs are the worker's Structs. The name
 * is resolved to a module of a few words that takes them from a global. See docs/decisions/0004.
 */
export function installApiModule(): void {
  if (installed) return;
  installed = true;
  Object.defineProperty(globalThis, GLOBAL, { value: connect });
  const api = `globalThis[Symbol.for(${JSON.stringify(API_MODULE)})]`;
  const url = dataUrl(`const api = ${api};\nexport const { ${Object.keys(connect).join(', ')} } = api;`);
  // Node has registerHooks since 22.15; before that hooks live in a thread of their own and know no require.
  if (typeof nodeModule.registerHooks === 'function') registerInThread(url, `module.exports = ${api};`);
  else
    nodeModule.register(
      dataUrl(
        `const [name, url] = ${JSON.stringify([API_MODULE, url])};
export const resolve = (specifier, context, next) => next(specifier === name ? url : specifier, context);`,
      ),
    );
}

function registerInThread(url: string, source: string): void {
  // A name only: CommonJS wants a file's.
  const required = pathToFileURL(resolve('/', `${API_MODULE}.cjs`)).href;
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== API_MODULE) return next(specifier, context);
      return context.conditions.includes('require')
        ? { url: required, format: 'commonjs', shortCircuit: true }
        : next(url, context);
    },
    load: (wanted, context, next) =>
      wanted === required ? { format: 'commonjs', source, shortCircuit: true } : next(wanted, context),
  });
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
