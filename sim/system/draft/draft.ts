/** The first file of a system, made of its modules: what can be seen is written, and what cannot stands in it as a comment. */
import { existsSync, statSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { shown } from '../../core/shown.ts';
import { hostServer } from '../host-server.ts';
import { peer } from '../peer.ts';
import { ADDRESS, clientAround, serverAround, storyOf } from './lines.ts';
import { asOneModule, type Export, isServer, type Look, lookAt, protocolOf } from './look.ts';
import { type Trial, tried } from './trial.ts';

/** What is to be written, and what there is to say of it. */
export interface Draft {
  /** Texts by the path of their file, the system itself last. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

interface Given {
  readonly path: string;
  readonly look: Look;
}

const LEAST =
  'expected the module of your client, and that of your server where there is one: hangup init src/client.ts src/server.ts';

/**
 * Writes nothing. `write` is called for a file that has to be there before the next one can be tried. Throws in one line for
 * what is no module, and for a file that is in the way.
 */
export function drafted(modules: readonly string[], write: (path: string, text: string) => void): Draft {
  if (modules.length === 0 || modules.length > 2) throw new Error(LEAST);
  const [client, server] = sidesOf(modules.map(seen));
  const name = nameOf((client ?? server) as Given);
  const file = `${name}.hangup.ts`;
  mustBeFree(file);
  const files = new Map<string, string>();
  const notes: string[] = [];
  const keep = (path: string, text: string): string => {
    mustBeFree(path);
    write(path, text);
    files.set(path, text);
    return path;
  };

  const env = environmentOf([client, server]);
  const unset = namesIn([client, server]).filter((each) => env[each] === undefined);
  const model = hostServer({ message: (guest, message) => guest.send(message) });
  const nobody = peer(({ connect, wait }) => [connect('ws://server/'), wait('5s')]);
  const hosts = client?.look.hosts ?? [];
  const attempt = (one: string | undefined, other: string | undefined): Trial =>
    tried({ client: one ?? nobody, server: other ?? model, env }, [...new Set(['server', ...hosts])]);

  let [clientPath, serverPath] = [client?.path, server?.path];
  if (server !== undefined && !attempt(undefined, serverPath).accepts) {
    const starts = server.look.exports.find(({ sort, name: each }) => sort === 'function' && STARTS.test(each));
    if (starts !== undefined) serverPath = keep(`${name}.server.ts`, serverAround(dotted(server.path), starts));
  }
  let exported: readonly Export[] = client?.look.exports ?? [];
  let trial = attempt(clientPath, serverPath);
  const maker = client === undefined || trial.dials ? null : makerIn(exported);
  if (client !== undefined && maker !== null) {
    clientPath = keep(`${name}.client.ts`, clientAround(dotted(client.path), maker));
    exported = lookAt(clientPath).exports;
    trial = attempt(clientPath, serverPath);
  }
  if (trial.wrong !== null) notes.push(`in a first run without faults something was thrown: ${trial.wrong}`);
  if (client !== undefined && !trial.dials)
    notes.push(
      `${clientPath} opens no connection by itself when it is loaded: let it, or let the story call what does`,
    );
  if (server !== undefined && (client === undefined || trial.dials) && !trial.accepts)
    notes.push(`${serverPath} listens on no port when it is loaded: call what does, in a module of its own`);
  keep(
    file,
    systemText({
      name,
      client: clientPath === undefined ? null : dotted(clientPath),
      server: serverPath === undefined ? null : dotted(serverPath),
      hosts: trial.hosts,
      env,
      unset,
      story: client === undefined ? null : storyOf(exported),
    }),
  );
  return { files, notes };
}

/** Which is the client: what listens is none. */
function sidesOf(given: readonly Given[]): readonly [client: Given | undefined, server: Given | undefined] {
  const [first, second] = given as readonly [Given, Given | undefined];
  const serves = (each: Given): boolean => isServer(each.look, asOneModule(each.path).text);
  if (second !== undefined) return serves(first) && !serves(second) ? [second, first] : [first, second];
  if (serves(first)) return [undefined, first];
  const protocol = protocolOf(first.look);
  if (protocol !== null)
    throw new Error(
      `${first.path} speaks ${protocol}, which a model of a server does not: expected the module of its server, too`,
    );
  return [first, undefined];
}

function seen(path: string): Given {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new Error(`${shown(path)}: expected the path of a module; there is no such file`);
  if (!/\.[cm]?[jt]sx?$/.test(path))
    throw new Error(`${shown(path)}: expected a module: .ts, .tsx, .mts, .js, .jsx, .mjs or .cjs`);
  return { path: relative('.', resolve(path)), look: lookAt(path) };
}

/** `src/chat-client.ts` is `chat`; `src/client.ts` is called as the folder of the project is. */
function nameOf({ path }: Given): string {
  const bare = (text: string): string =>
    text
      .replace(/\.[cm]?[jt]sx?$/, '')
      .replace(/[-_.]?(client|server|socket|ws|index|main|app|hangup)$/i, '')
      .replaceAll(/[^\w.+-]/g, '-')
      .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return bare(basename(path)) || bare(basename(resolve('.'))) || 'system';
}

function mustBeFree(path: string): void {
  if (existsSync(path)) throw new Error(`${path} is there already, and is left as it is: move it away, or edit it`);
}

/** As `import` needs it. */
const dotted = (path: string): string => (path.startsWith('.') ? path : `./${path}`);

/** What they read, with a guess where a name tells; the others are left undefined. */
function environmentOf(given: readonly (Given | undefined)[]): Readonly<Record<string, string>> {
  const names = namesIn(given).filter((name) => ADDRESS.test(name));
  return Object.fromEntries(names.map((name) => [name, 'ws://server/']));
}

const namesIn = (given: readonly (Given | undefined)[]): readonly string[] =>
  [...new Set(given.flatMap((each) => each?.look.env ?? []))].filter((name) => name !== 'PORT').sort();

const STARTS = /start|listen|serve|create|run|main|boot|default/i;

/** What makes a client: a class that has methods, or a function that is given where to go. */
const makerIn = (exported: readonly Export[]): Export | null =>
  exported.find(({ sort, methods }) => sort === 'class' && methods.size > 0) ??
  exported.find(
    ({ sort, name }) => sort === 'function' && /^(create|make|connect|open|start|new|init|default)/i.test(name),
  ) ??
  null;

interface Written {
  readonly name: string;
  readonly client: string | null;
  readonly server: string | null;
  readonly hosts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Names that are read, and that nobody can guess a value of. */
  readonly unset: readonly string[];
  readonly story: readonly string[] | null;
}

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function systemText({ name, client, server, hosts, env, unset, story }: Written): string {
  const imports = [server === null ? 'hostServer' : '', client === null ? 'peer' : '', 'system'].filter(
    (each) => each !== '',
  );
  const set = Object.entries(env);
  const lines = [
    `/** ${name} under hangup: npx hangup explore ./${name}.hangup.ts */`,
    `import { ${imports.join(', ')} } from 'hangup/system';`,
    '',
    'export default system({',
    `  name: ${text(name)},`,
    ...(client === null
      ? [
          '  // A script in place of a client; docs/own-code.md has all its steps.',
          '  client: peer(({ connect, send, wait, close, repeat }) => [',
          "    connect('ws://server/'),",
          "    ...repeat(5, send((n) => `message ${n}`), wait('1s', '5s')),",
          '    close(),',
          '  ]),',
        ]
      : [`  client: ${text(client)},`]),
    ...(server === null
      ? [
          '  // A model in place of a server: say what yours would.',
          '  server: hostServer({',
          '    message: (guest, message) => guest.send(message),',
          '  }),',
        ]
      : [`  server: ${text(server)},`]),
    '  clients: 2,',
    ...(hosts.length === 1 && hosts[0] === 'server'
      ? []
      : ['  // Host names that lead to the server.', `  hosts: [${hosts.map(text).join(', ')}],`]),
    ...(set.length + unset.length === 0 ? [] : ['  // What your modules read from their environment.']),
    ...(set.length === 0 ? [] : [`  env: { ${set.map(([key, value]) => `${key}: ${text(value)}`).join(', ')} },`]),
    ...(unset.length === 0 ? [] : [`  // Undefined so far: ${unset.join(', ')}.`]),
    "  // network: 'lte', // `hangup list networks`; by default a seed draws one of four",
    '  // By default all kinds that hit something here. A server that keeps everything in memory forgets it in a crash: name',
    "  // those that your system is to survive. faults: ['cut', 'reset', 'halfOpen', 'offline', 'suspend'],",
    ...(story === null ? [] : ['  story: ({ every, client }) => [', ...story.map((line) => `    ${line}`), '  ],']),
    '  promises: {',
    ...(client === null
      ? []
      : [
          '    // These two need no probe: after the last fault every client has a connection again, and nobody dials in a hurry.',
          "    backWithin: '60s',",
          "    backoff: 'least',",
        ]),
    "    // These need one (import { probe } from 'hangup/probe'), and a promise whose probe never speaks fails the sweep.",
    '    // What is said to be done, and what comes in: probe.submitted(key), probe.performed(key) at the server and',
    '    // probe.settled(key, outcome); probe.produced(stream, piece) where it is made, probe.received(stream, piece).',
    "    // delivery: 'exactly-once',",
    "    // order: 'per-stream',",
    '    // noLeak: true, // ten seconds after `leave()` nothing is left: no timer, no socket, no listener',
    '  },',
    '});',
    '',
  ];
  return lines.join('\n');
}
