/** What is derived from an object that nobody changes, once for each: every run of a sweep asks the same of its scenario. */
export function perObject<K extends object, V>(derive: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = { value: derive(key) };
      known.set(key, found);
    }
    return found.value;
  };
}
