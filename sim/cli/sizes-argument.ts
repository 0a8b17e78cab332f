/** `--sizes clients=1,turns=2`: how large a world is at the most. */
import { shown } from '../core/shown.ts';
import { mustBeSizes, type Sizes } from '../core/sizes.ts';
import { UsageError } from './errors.ts';

/** Throws `UsageError` for what is none; which sizes a world has, only its run can tell. */
export function sizesOf(text: string): Sizes {
  const sizes: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (rest.length > 0 || !/^[a-z][a-z0-9-]*$/.test(name) || !/^\d{1,9}$/.test(value) || Object.hasOwn(sizes, name))
      throw new UsageError(`--sizes: expected NAME=NUMBER,… each once, such as clients=1,turns=2, got ${shown(text)}`);
    sizes[name] = Number(value);
  }
  try {
    mustBeSizes(sizes, '--sizes');
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('`', ''));
  }
  return sizes;
}
