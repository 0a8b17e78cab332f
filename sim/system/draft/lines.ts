/** Lines of a first draft: a module around a class or a function that nobody calls yet, and a story of what can be called. */
import type { Export } from './look.ts';

/** Where a parameter is called like this, it says where to go; and these are left as they are by default. */
export const ADDRESS = /url|uri|endpoint|address|host|server|origin/i;
const OPTIONS = /option|opts|config|settings|params/i;
const LEAVES = /^(close|leave|disconnect|destroy|stop|dispose|end|terminate|shutdown|quit)$/i;
const SAYS = /^(send|say|post|publish|ask|emit|write|push|submit|request|message)/i;

/** What a page would pass: the first is an address, where none is called so. */
function argumentsFor(parameters: readonly string[]): string {
  const named = parameters.some((name) => ADDRESS.test(name));
  const values = parameters.map((name, i) => {
    if (ADDRESS.test(name) || (!named && i === 0 && !OPTIONS.test(name) && name !== '')) return "'ws://server/'";
    return OPTIONS.test(name) || name === '' ? '{}' : 'undefined';
  });
  while (values.at(-1) === 'undefined') values.pop();
  return values.join(', ');
}

const importOf = (path: string, name: string, as: string): string =>
  name === 'default' ? `import ${as} from '${path}';` : `import { ${name} } from '${path}';`;

/** A page's own module: it makes what `made` is, and offers what can be called to a story. */
export function clientAround(path: string, made: Export): string {
  const as = made.name === 'default' ? 'make' : made.name;
  const call = `${made.sort === 'class' ? 'new ' : ''}${as}(${argumentsFor(made.parameters)})`;
  const methods = [...made.methods].filter(([name]) => !name.startsWith('_'));
  const leaves = methods.find(([name]) => LEAVES.test(name));
  const says = methods.filter(([name]) => SAYS.test(name));
  const others = methods.filter((each) => each !== leaves && !says.includes(each)).map(([name]) => name);
  return [
    '/** A tab: what your page does with its client when it is loaded, and what hangup may call. */',
    "// import { probe } from 'hangup/probe';",
    importOf(path, made.name, as),
    '',
    '// As your page makes it.',
    `const client = ${call};`,
    '// Say what your application is given, in order: client.onMessage((text) => probe.received(stream, text));',
    '',
    ...says.map(
      ([name, parameters]) =>
        `export const ${name} = (...all${typed(path, `: Parameters<typeof client.${name}>`)}) => client.${name}(...all);${parameters.length === 0 ? '' : ` // (${parameters.join(', ')})`}`,
    ),
    ...(leaves === undefined
      ? ['// export const leave = () => client.close();']
      : [`export const leave = () => client.${leaves[0]}();`]),
    ...(others.length === 0 ? [] : [`// It also has ${others.join(', ')}.`]),
    '',
  ].join('\n');
}

/** Types say nothing of what is JavaScript. */
const typed = (path: string, type: string): string => (/\.[cm]?tsx?$/.test(path) ? type : ': unknown[]');

/** A process's own module: it starts what only waits to be started. */
export function serverAround(path: string, starts: Export): string {
  const as = starts.name === 'default' ? 'start' : starts.name;
  const values = starts.parameters.map((name) =>
    /port/i.test(name) ? '80' : OPTIONS.test(name) || name === '' ? '{}' : 'undefined',
  );
  while (values.at(-1) === 'undefined') values.pop();
  return [
    '/** A process of your server, as hangup starts it. It is reached on whatever port it listens on. */',
    "// import { probe } from 'hangup/probe';",
    importOf(path, starts.name, as),
    '',
    `${as}(${values.join(', ')});`,
    '',
  ].join('\n');
}

/** One line for what says something, and a comment for each of the others. */
export function storyOf(exported: readonly Export[]): readonly string[] {
  const functions = exported.filter(
    ({ sort, name }) => sort === 'function' && !LEAVES.test(name) && name !== 'default',
  );
  const lines = functions.map(({ name, parameters }) => {
    const says = SAYS.test(name);
    const values = parameters.length === 0 ? '' : ', (n) => `message ${n}`';
    return `${says && parameters.length < 2 ? '' : '// '}every('3s', client.${name}${values}),`;
  });
  return lines.length === 0
    ? ["// every('3s', client.send, (n) => `message ${n}`), for a function `send` that your client's module exports"]
    : lines;
}
