/** What can be seen of a module without running it: which side it is, what it exports, whom it dials, what it reads. */

import { isBuiltin } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';
import { type BuildFailure, buildSync } from 'esbuild';

/** Something that a module exports, as far as its text tells. */
export interface Export {
  readonly name: string;
  readonly sort: 'class' | 'function' | 'value';
  /** Names of the parameters of a function, or of a constructor. */
  readonly parameters: readonly string[];
  /** Names of a class's methods, with those of their parameters. */
  readonly methods: ReadonlyMap<string, readonly string[]>;
}

export interface Look {
  readonly exports: readonly Export[];
  /** Packages that it imports itself, and modules of Node. */
  readonly packages: readonly string[];
  readonly builtins: readonly string[];
  /** Host names, with a port where there is one, in URLs of its text. */
  readonly hosts: readonly string[];
  /** Names of the environment that it reads. */
  readonly env: readonly string[];
}

/** Throws in one line, with its place, for a module that cannot be read. */
export function lookAt(file: string): Look {
  const { text, imports } = asOneModule(file);
  const packages = imports.filter((name) => !isBuiltin(name));
  return {
    exports: exportsIn(text),
    packages: [...new Set(packages.map(packageOf))],
    builtins: [...new Set(imports.filter((name) => isBuiltin(name)).map((name) => name.replace(/^node:/, '')))],
    hosts: all(text, /\b(?:wss?|https?):\/\/([a-z0-9.-]*[a-z0-9](?::\d+)?)(?=["'`/?])/gi).map((host) =>
      host.toLowerCase(),
    ),
    env: all(text, /\b(?:process\.env|import\.meta\.env)\.(\w+)/g).filter((name) => !KNOWN_ENV.has(name)),
  };
}

/** What a bundler for pages says by itself. */
const KNOWN_ENV: ReadonlySet<string> = new Set(['NODE_ENV', 'MODE', 'BASE_URL', 'PROD', 'DEV', 'SSR']);

/** Packages that make a module a server, wherever else it might run. */
const OF_SERVERS = [
  'socket.io',
  '@hocuspocus/server',
  'express',
  'fastify',
  'koa',
  'hono',
  'uWebSockets.js',
  'y-websocket/bin',
];

/** A server listens: it imports what can, or makes one of `ws`. */
export const isServer = ({ packages, builtins }: Look, text: string): boolean =>
  builtins.some((name) => ['http', 'https', 'net'].includes(name)) ||
  packages.some((name) => OF_SERVERS.includes(name)) ||
  /\bWebSocketServer\b|\bWebSocket\.Server\b|\bws\.Server\b|\bDeno\.serve\b|\bBun\.serve\b/.test(text);

/** What it speaks besides messages of its own, which a model of a server does not. */
export const protocolOf = ({ packages }: Look): string | null =>
  PROTOCOLS.find(([name]) => packages.includes(name))?.[1] ?? null;

const PROTOCOLS = [
  ['socket.io-client', 'Socket.IO'],
  ['graphql-ws', 'graphql-transport-ws'],
  ['subscriptions-transport-ws', 'graphql-ws'],
  ['y-websocket', 'the protocol of y-websocket'],
  ['@hocuspocus/provider', 'the protocol of Hocuspocus'],
  ['mqtt', 'MQTT'],
  ['@stomp/stompjs', 'STOMP'],
  ['phoenix', 'Phoenix channels'],
  ['centrifuge', 'Centrifuge'],
  ['@microsoft/signalr', 'SignalR'],
] as const;

/** Its own files as one text of plain JavaScript, in which every declaration has one form; and what they import. */
export function asOneModule(file: string): { readonly text: string; readonly imports: readonly string[] } {
  try {
    const { outputFiles, metafile } = buildSync({
      entryPoints: [resolve(file)],
      absWorkingDir: dirname(resolve(file)),
      outfile: 'look.js',
      ...{ bundle: true, write: false, metafile: true, format: 'esm', platform: 'neutral', target: 'es2022' },
      ...{ packages: 'external', charset: 'utf8', legalComments: 'none', logLevel: 'silent' },
      loader: { '.css': 'empty', '.scss': 'empty', '.sass': 'empty', '.less': 'empty' },
    });
    const [output] = Object.values(metafile.outputs);
    const imports = (output?.imports ?? []).filter(({ external }) => external === true).map(({ path }) => path);
    return { text: outputFiles[0]?.text ?? '', imports };
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (first === undefined) throw error;
    const { text, location } = first;
    const place =
      location === null
        ? basename(file)
        : `${relative('.', resolve(dirname(file), location.file))}:${location.line}:${location.column + 1}`;
    throw new Error(`${place}: ${text.split('\n')[0]}`);
  }
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

const all = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] as string)),
];

function exportsIn(text: string): readonly Export[] {
  const list = /export \{([^}]*)\};?\s*$/.exec(text)?.[1] ?? '';
  return list.split(',').flatMap((each): Export[] => {
    const [local, name = local] = each.trim().split(' as ');
    return local === undefined || local === '' || name === undefined ? [] : [exportOf(text, local, name)];
  });
}

function exportOf(text: string, local: string, name: string): Export {
  const id = local.replaceAll('$', '\\$');
  const none: ReadonlyMap<string, readonly string[]> = new Map();
  const body = new RegExp(
    `^(?:var ${id} = )?class ${'' /* named or not */}(?:${id}\\b|_${id}\\b|\\w*)? ?(?:extends [^{]+)?\\{\\n([\\s\\S]*?)^\\};?$`,
    'gm',
  );
  for (const match of text.matchAll(body))
    if (match[0].startsWith(`var ${local} =`) || match[0].startsWith(`class ${local} `)) {
      const methods = [...(match[1] as string).matchAll(/^ {2}(?:async )?([a-zA-Z]\w*)\(([^)]*)\) \{$/gm)];
      const made = methods.find(([, method]) => method === 'constructor');
      return {
        name,
        sort: 'class',
        parameters: parametersIn(made?.[2] ?? ''),
        methods: new Map(
          methods
            .filter((each) => each !== made)
            .map(([, method, list]) => [method as string, parametersIn(list ?? '')]),
        ),
      };
    }
  const called = new RegExp(
    `^(?:async )?function\\*? ${id}\\(([^)]*)\\)|^(?:var|let|const) ${id} = (?:async )?(?:function\\*?(?: \\w+)?)? ?(?:\\(([^)]*)\\)|(\\w+)) ?(?:=>|\\{)`,
    'm',
  ).exec(text);
  if (called === null) return { name, sort: 'value', parameters: [], methods: none };
  return { name, sort: 'function', parameters: parametersIn(called[1] ?? called[2] ?? called[3] ?? ''), methods: none };
}

const parametersIn = (list: string): readonly string[] =>
  list
    .split(',')
    .map((each) =>
      each
        .trim()
        .replace(/[=:{[].*$/s, '')
        .trim(),
    )
    .filter((each, i, { length }) => each !== '' || (i < length && list.trim() !== ''));
