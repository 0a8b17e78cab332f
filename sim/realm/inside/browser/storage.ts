/**
 * localStorage and sessionStorage (https://html.spec.whatwg.org/#webstorage), with the events that other tabs hear.
 *
 * A page has a copy of what is stored, which other tabs change; what it changes itself is told to the world, where it
 * outlives the page.
 */
import type { Host } from '../../host.ts';
import { DOMException } from '../dom-exception.ts';
import { Event, type EventInit, trusted } from '../event.ts';
import { type EventTarget, isHeard, tell } from '../event-target.ts';
import { dictionary, dress, needs } from '../idl.ts';
import { define, type Inside, type Part, scope } from '../inside.ts';
import type { PageState } from './page-state.ts';

/** Chromium: `kPerStorageAreaQuota`, 10 MiB at two bytes a unit; what everybody calls five megabytes. */
const MOST_UNITS = 5 * 1024 * 1024;

type Area = Parameters<Host['store']>[0];

interface Store {
  readonly area: Area;
  readonly items: Map<string, string>;
  units: number;
}

const KEY = {};
let inside: Inside;
let storeOf: (storage: Storage) => Store;

class Storage {
  readonly #store: Store;

  static {
    storeOf = (storage) => storage.#store;
  }

  constructor(key: unknown, store: Store) {
    if (key !== KEY) throw new TypeError("Failed to construct 'Storage': Illegal constructor");
    this.#store = store;
  }
  get length(): number {
    return storeBehind(this).items.size;
  }
  key(index: number): string | null {
    needs(1, arguments.length, "execute 'key' on 'Storage'");
    return [...storeBehind(this).items.keys()][index >>> 0] ?? null;
  }
  getItem(key: string): string | null {
    needs(1, arguments.length, "execute 'getItem' on 'Storage'");
    return storeBehind(this).items.get(`${key}`) ?? null;
  }
  setItem(key: string, value: string): void {
    needs(2, arguments.length, "execute 'setItem' on 'Storage'");
    setItem(storeBehind(this), `${key}`, `${value}`, "execute 'setItem' on 'Storage'");
  }
  removeItem(key: string): void {
    needs(1, arguments.length, "execute 'removeItem' on 'Storage'");
    removeItem(storeBehind(this), `${key}`);
  }
  clear(): void {
    const store = storeBehind(this);
    if (store.items.size === 0) return;
    store.items.clear();
    store.units = 0;
    inside.host.store(store.area, null, null);
  }
}

/** A page holds a proxy, whose properties are the items; `this` is that. */
const behind = new Map<object, Storage>();
const storeBehind = (self: object): Store => storeOf(behind.get(self) ?? (self as Storage));

function setItem(store: Store, key: string, value: string, what: string): void {
  const { items } = store;
  const before = items.get(key);
  if (before === value) return;
  const units = store.units + value.length - (before === undefined ? -key.length : before.length);
  if (units > MOST_UNITS)
    throw new DOMException(
      `Failed to ${what}: Setting the value of '${key}' exceeded the quota.`,
      'QuotaExceededError',
    );
  store.units = units;
  items.set(key, value);
  inside.host.store(store.area, key, value);
}

function removeItem(store: Store, key: string): void {
  const before = store.items.get(key);
  if (before === undefined) return;
  store.items.delete(key);
  store.units -= key.length + before.length;
  inside.host.store(store.area, key, null);
}

/** What Web IDL calls a legacy platform object: names of items are properties, unless the interface has one of that name. */
function storageOf(store: Store): Storage {
  const storage = new Storage(KEY, store);
  const { items } = store;
  const isItem = (key: PropertyKey): key is string =>
    typeof key === 'string' && items.has(key) && !(key in Storage.prototype);
  const proxy = new Proxy(storage, {
    get: (_, key) => (isItem(key) ? items.get(key) : Reflect.get(storage, key, proxy)),
    has: (_, key) => isItem(key) || Reflect.has(storage, key),
    set(_, key, value) {
      // A member of the interface is no item: an attribute cannot be set, and a method is hidden from now on.
      if (typeof key === 'symbol' || key in Storage.prototype) return Reflect.set(storage, key, value);
      setItem(store, key, `${value}`, `set the '${key}' property on 'Storage'`);
      return true;
    },
    defineProperty(_, key, descriptor) {
      if (typeof key === 'symbol') return Reflect.defineProperty(storage, key, descriptor);
      if (!('value' in descriptor)) return false;
      setItem(store, key, `${descriptor.value}`, `set the '${key}' property on 'Storage'`);
      return true;
    },
    deleteProperty(_, key) {
      if (isItem(key)) removeItem(store, key);
      return isItem(key) || Reflect.deleteProperty(storage, key);
    },
    ownKeys: () => [...[...items.keys()].filter(isItem), ...Reflect.ownKeys(storage)],
    getOwnPropertyDescriptor: (_, key) =>
      isItem(key)
        ? { value: items.get(key), writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(storage, key),
  });
  behind.set(proxy, storage);
  return proxy;
}

interface StorageInit extends EventInit {
  key?: string | null;
  oldValue?: string | null;
  newValue?: string | null;
  url?: string;
  storageArea?: unknown;
}

class StorageEvent extends Event {
  readonly #init: Readonly<Required<Omit<StorageInit, keyof EventInit>>>;

  constructor(type: string, init?: StorageInit) {
    needs(1, arguments.length, "construct 'StorageEvent'");
    super(type, init);
    const {
      key = null,
      oldValue = null,
      newValue = null,
      url = '',
      storageArea = null,
    } = dictionary<StorageInit>(init, '');
    this.#init = { key, oldValue, newValue, url, storageArea };
  }
  get key(): string | null {
    return this.#init.key;
  }
  get oldValue(): string | null {
    return this.#init.oldValue;
  }
  get newValue(): string | null {
    return this.#init.newValue;
  }
  get url(): string {
    return this.#init.url;
  }
  get storageArea(): unknown {
    return this.#init.storageArea;
  }
}

dress({ Storage, StorageEvent });

export function installStorage(given: Inside, page: PageState): Part {
  inside = given;
  const local: Store = { area: 'local', items: new Map(), units: 0 };
  const session: Store = { area: 'session', items: new Map(), units: 0 };
  const localStorage = storageOf(local);
  define('Storage', Storage);
  define('StorageEvent', StorageEvent);
  for (const [name, value] of Object.entries({ localStorage, sessionStorage: storageOf(session) }))
    Object.defineProperty(scope, name, { get: () => value, configurable: true, enumerable: true });
  const fill = (store: Store, pairs: readonly string[]): void => {
    store.items.clear();
    store.units = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      const [key, value] = [pairs[i] as string, pairs[i + 1] as string];
      store.items.set(key, value);
      store.units += key.length + value.length;
    }
  };
  return {
    begin(_seed, ofLocal, ofSession) {
      fill(local, ofLocal);
      fill(session, ofSession);
    },
    stored(key, before, value) {
      const { items } = local;
      if (key === null) items.clear();
      else if (value === null) items.delete(key);
      else items.set(key, value);
      local.units = 0;
      for (const [name, item] of items) local.units += name.length + item.length;
      const window = scope as unknown as EventTarget;
      if (!isHeard(window, 'storage')) return;
      const init = { key, oldValue: before, newValue: value, url: page.address.href, storageArea: localStorage };
      tell(
        window,
        trusted(() => new StorageEvent('storage', init)),
      );
    },
  };
}
