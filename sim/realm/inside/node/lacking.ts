/**
 * What the modules of Node 20 export beyond what is offered here. Each is a stand-in that can be loaded and passed on, and
 * says what it is when it is used (`missing.ts`): nothing that exists in Node is `undefined`.
 */
import type { Any } from './loose.ts';
import { missing } from './missing.ts';

const LACKING: Readonly<Record<string, string>> = {
  assert: 'CallTracker',
  'assert/strict': 'CallTracker',
  buffer: 'resolveObjectURL',
  cluster: 'Worker SCHED_NONE SCHED_RR schedulingPolicy setupPrimary setupMaster disconnect',
  console: 'Console context createTask',
  crypto:
    'checkPrime checkPrimeSync createCipheriv createDecipheriv createDiffieHellman createDiffieHellmanGroup createECDH createPrivateKey createPublicKey createSecretKey createSign createVerify diffieHellman generatePrime generatePrimeSync getCipherInfo getDiffieHellman hkdf hkdfSync pbkdf2 pbkdf2Sync generateKeyPair generateKeyPairSync generateKey generateKeySync privateDecrypt privateEncrypt publicDecrypt publicEncrypt scrypt scryptSync sign setEngine getFips setFips verify Certificate Cipher Cipheriv Decipher Decipheriv DiffieHellman DiffieHellmanGroup ECDH KeyObject Sign Verify X509Certificate secureHeapUsed',
  domain: 'Domain createDomain',
  module: 'globalPaths runMain SourceMap',
  net: 'SocketAddress',
  os: 'getPriority setPriority',
  path: 'matchesGlob',
  'path/posix': 'matchesGlob',
  perf_hooks:
    'Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserverEntryList PerformanceResourceTiming',
  process:
    'loadEnvFile openStdin initgroups setgroups setegid seteuid setgid setuid report getBuiltinModule setSourceMapsEnabled',
  querystring: 'unescapeBuffer',
  stream: 'duplexPair',
  sys: 'getSystemErrorMap transferableAbortSignal transferableAbortController parseEnv MIMEType MIMEParams',
  timers: 'active unenroll enroll',
  util: 'getSystemErrorMap transferableAbortSignal transferableAbortController parseEnv MIMEType MIMEParams',
  'util/types': 'isKeyObject isCryptoKey',
  v8: 'cachedDataVersionTag getHeapSnapshot getHeapSpaceStatistics getHeapCodeStatistics Serializer Deserializer DefaultSerializer DefaultDeserializer deserialize takeCoverage stopCoverage serialize writeHeapSnapshot promiseHooks queryObjects startupSnapshot setHeapSnapshotNearHeapLimit GCProfiler',
  worker_threads:
    'MessagePort markAsUntransferable moveMessagePortToContext receiveMessageOnPort postMessageToThread SHARE_ENV setEnvironmentData getEnvironmentData',
};

const complete = new WeakSet<object>();

/** Gives a module whatever Node's has and it lacks; what the platform has under that name is the same in Node. */
export function completed(name: string, module: Any): Any {
  const lacks = LACKING[name];
  if (lacks === undefined || complete.has(module)) return module;
  complete.add(module);
  for (const each of lacks.split(' ')) {
    if (each in module) continue;
    let stand: Any;
    Object.defineProperty(module, each, {
      get() {
        stand ??= (globalThis as Any)[each] ?? missing(`${name}.${each}`);
        return stand;
      },
      set(value) {
        Object.defineProperty(module, each, { value, writable: true, configurable: true, enumerable: true });
      },
      configurable: true,
      // Whoever copies all that a module has looks at none of it.
      enumerable: false,
    });
  }
  return module;
}
