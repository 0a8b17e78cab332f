/** How often a machine looks at a part of its state: what is done for each request must not go through all of them. */
export function counting<T extends object>(part: T, size: number): { readonly part: T; looks(): number } {
  let looks = 0;
  const seen = new Proxy(part, {
    get(target, key) {
      looks++;
      return Reflect.get(target, key);
    },
    // To go through all of it is as many looks.
    ownKeys(target) {
      looks += size;
      return Reflect.ownKeys(target);
    },
  });
  return { part: seen, looks: () => looks };
}
