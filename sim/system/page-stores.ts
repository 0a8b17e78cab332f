/** What a browser keeps for the pages of one origin in one tab: `localStorage` and `sessionStorage`. */
type Area = 'local' | 'session';

export class PageStores {
  readonly #areas: Readonly<Record<Area, Map<string, string>>>;

  /** What is stored already: pairs of key and value. */
  constructor(local: readonly string[], session: readonly string[]) {
    this.#areas = { local: mapOf(local), session: mapOf(session) };
  }

  pairs(area: Area): readonly string[] {
    return [...this.#areas[area]].flat();
  }

  /** `key` null: all of them; `value` null: there is none any more. Returns what was there. */
  put(area: Area, key: string | null, value: string | null): string | null {
    const store = this.#areas[area];
    const before = key === null ? null : (store.get(key) ?? null);
    if (key === null) store.clear();
    else if (value === null) store.delete(key);
    else store.set(key, value);
    return before;
  }
}

function mapOf(pairs: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i] as string, pairs[i + 1] as string);
  return map;
}
