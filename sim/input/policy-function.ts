/** A policy that is a function of a config, loaded again where it is needed: functions do not travel between threads. */
import type { FunctionReference, PolicyFunction } from '../../src/backoff/function.ts';
import { isPolicyFunction } from '../../src/backoff/function.ts';
import { defaultOf } from '../explore/exports.ts';
import { importModule } from '../explore/module.ts';

/** Rejects when the module has no such function any more. */
export async function loadFunction({ module, name }: FunctionReference): Promise<PolicyFunction> {
  const config = defaultOf(await importModule(module)) as {
    readonly policies?: Readonly<Record<string, unknown>>;
  } | null;
  const policy = config?.policies?.[name];
  if (!isPolicyFunction(policy)) throw new Error(`policy ${name}: ${module} has no such function`);
  return policy;
}
