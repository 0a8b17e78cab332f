/** A format that is recognised by the settings that an object has: the options of most clients. */
import type { Policy } from '../../../src/backoff/policy.ts';
import type { Place } from './document.ts';
import type { Found, PolicyFormat } from './format.ts';
import { type Fold, type Others, Part } from './part.ts';

interface ByKeys {
  readonly name: string;
  readonly title: string;
  readonly library: string;
  /** An object with any of these is of this format. */
  readonly any: readonly string[];
  /** And with all of these. Default none. */
  readonly all?: readonly string[];
  /** Unless it has any of these. Default none. */
  readonly not?: readonly string[];
  /** Unless there is a key that only a stranger's settings would have. Default none. */
  readonly unless?: (keys: readonly string[]) => boolean;
  /** How keys are compared. Default: as they are. */
  readonly fold?: Fold;
  readonly others: Others;
  read(part: Part): Policy;
}

export function byKeys({
  name,
  title,
  library,
  any,
  all = [],
  not = [],
  unless = () => false,
  fold = (key) => key,
  others,
  read,
}: ByKeys): PolicyFormat {
  const found = (place: Place): Found => ({
    name: place.path === '' ? null : place.path,
    read(log) {
      const part = new Part(place, log, fold);
      const policy = read(part);
      part.rest(others, library);
      return policy;
    },
  });
  const has = (place: Place, key: string): boolean => Object.keys(place.value).some((each) => fold(each) === fold(key));
  return {
    name,
    title,
    library,
    find: (places) =>
      places
        .filter(
          (place) =>
            any.some((key) => has(place, key)) &&
            all.every((key) => has(place, key)) &&
            !not.some((key) => has(place, key)) &&
            !unless(Object.keys(place.value)),
        )
        .map(found),
    force: found,
  };
}
