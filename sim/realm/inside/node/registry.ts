/** What `require` and `import` find under Node's own names. */

import { StringDecoder } from 'package:string_decoder';
import path from 'path-browserify';
import { assert } from './assert.ts';
import { asyncHooks } from './async-hooks.ts';
import { buffer } from './buffer.ts';
import { util } from './conventions.ts';
import { crypto } from './crypto.ts';
import { absent, coded } from './errors.ts';
import { EventEmitter } from './events.ts';
import { http, https } from './http/index.ts';
import { completed } from './lacking.ts';
import type { Any } from './loose.ts';
import { missing } from './missing.ts';
import { net } from './net/index.ts';
import { process } from './process.ts';
import { querystring } from './querystring.ts';
import { cluster, diagnosticsChannel, domain, os, perfHooks, v8, workerThreads } from './small.ts';
import { stream } from './stream.ts';
import { timers } from './timers.ts';
import { url } from './url.ts';

const scope = globalThis as Any;
const posix = path as Any;
posix.posix ??= posix;
posix.win32 ??= missing('path.win32');
posix.toNamespacedPath ??= (each: string) => each;

const builtins: Record<string, () => Any> = {
  assert: () => assert,
  'assert/strict': () => assert.strict,
  async_hooks: () => asyncHooks,
  buffer: () => buffer,
  cluster: () => cluster,
  console: () => scope.console,
  constants: () => os.constants.signals,
  crypto: () => crypto,
  diagnostics_channel: () => diagnosticsChannel,
  domain: () => domain,
  events: () => EventEmitter,
  http: () => http,
  https: () => https,
  module: () => modules,
  net: () => net,
  os: () => os,
  path: () => posix,
  'path/posix': () => posix,
  perf_hooks: () => perfHooks,
  process: () => process,
  punycode: () => missing('punycode'),
  querystring: () => querystring,
  stream: () => stream,
  'stream/promises': () => stream.promises,
  string_decoder: () => ({ StringDecoder }),
  sys: () => util,
  timers: () => timers,
  'timers/promises': () => timers.promises,
  tty: () => tty,
  url: () => url,
  util: () => util,
  'util/types': () => util.types,
  v8: () => v8,
  worker_threads: () => workerThreads,
  zlib: () => zlib,
};

/** What a simulated process does not have: it can be imported, and says so when it is used. */
const MISSING = [
  'child_process',
  'dgram',
  'dns',
  'dns/promises',
  'fs',
  'fs/promises',
  'http2',
  'inspector',
  'inspector/promises',
  'readline',
  'readline/promises',
  'repl',
  'sea',
  'sqlite',
  'stream/web',
  'stream/consumers',
  'test',
  'tls',
  'trace_events',
  'vm',
  'wasi',
];
for (const name of MISSING) {
  let its: Any;
  builtins[name] = () => {
    its ??= missing(name);
    return its;
  };
}

/** Of `zlib` libraries want constants when they are loaded. */
const zlib: Any = missing('zlib', {
  constants: {
    Z_NO_FLUSH: 0,
    Z_PARTIAL_FLUSH: 1,
    Z_SYNC_FLUSH: 2,
    Z_FULL_FLUSH: 3,
    Z_FINISH: 4,
    Z_BLOCK: 5,
    Z_OK: 0,
    Z_STREAM_END: 1,
    Z_NEED_DICT: 2,
    Z_ERRNO: -1,
    Z_STREAM_ERROR: -2,
    Z_DATA_ERROR: -3,
    Z_MEM_ERROR: -4,
    Z_BUF_ERROR: -5,
    Z_VERSION_ERROR: -6,
    Z_NO_COMPRESSION: 0,
    Z_BEST_SPEED: 1,
    Z_BEST_COMPRESSION: 9,
    Z_DEFAULT_COMPRESSION: -1,
    Z_FILTERED: 1,
    Z_HUFFMAN_ONLY: 2,
    Z_RLE: 3,
    Z_FIXED: 4,
    Z_DEFAULT_STRATEGY: 0,
    Z_DEFAULT_WINDOWBITS: 15,
    Z_MIN_WINDOWBITS: 8,
    Z_MAX_WINDOWBITS: 15,
    Z_DEFAULT_MEMLEVEL: 8,
    Z_DEFAULT_CHUNK: 16_384,
    BROTLI_OPERATION_PROCESS: 0,
    BROTLI_OPERATION_FLUSH: 1,
    BROTLI_OPERATION_FINISH: 2,
    BROTLI_PARAM_QUALITY: 1,
  },
});

/** Whether a standard stream is a terminal is asked by everybody who colours text. */
const tty: Any = missing('tty', { isatty: () => false });

const modules: Any = {
  builtinModules: Object.keys(builtins),
  isBuiltin: (name: string) => bare(name) in builtins,
  createRequire: () => require_,
  Module: missing('module.Module'),
  register: () => {
    throw absent('module.register');
  },
  findSourceMap: () => undefined,
  syncBuiltinESMExports() {},
};

const bare = (name: string): string => name.replace(/^node:/, '');

/** A builtin by its name; anything else was not bundled, and so is not there. */
export function require_(name: string): Any {
  const plain = bare(name);
  const make = Object.hasOwn(builtins, plain) ? builtins[plain] : undefined;
  if (make === undefined) throw coded(Error, 'MODULE_NOT_FOUND', `Cannot find module '${name}'`);
  return completed(plain, make());
}
require_.resolve = (name: string): string => name;
