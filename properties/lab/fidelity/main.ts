/**
 * `npm run check:fidelity -- [--clients 1000] [--replications 20]`: the lean kernel and the universe in every case, and the
 * averages of those in which ties and distances are luck. Exit code 1 where the two differ.
 */
import { parseArgs } from 'node:util';
import { averageCases, type Case, POLICIES, usualCases, waysOf } from './cases.ts';
import { compare, decided, differences, twinsOf } from './twins.ts';

const { values } = parseArgs({ options: { clients: { type: 'string' }, replications: { type: 'string' } } });
const clients = wholeOf('--clients', values.clients, 200);
const replications = wholeOf('--replications', values.replications, 10);

// Waits without jitter, from the first on or only the first, make ties, and who is first among those is luck.
const IN_STEP: readonly string[] = ['unjittered', 'grpc', 'discord'];
const jittered = (Object.keys(POLICIES) as (keyof typeof POLICIES)[]).filter((name) => !IN_STEP.includes(name));
const failed = [...equal(), ...average()];
console.log(
  failed.length === 0 ? 'The two fidelities agree.' : `They differ in ${failed.length}: ${failed.join('; ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function equal(): readonly string[] {
  const cases: readonly Case[] = [...usualCases(clients, jittered), ...waysOf(clients, jittered)];
  return cases.flatMap((one) => {
    const found = differences(twinsOf(one, 'check', 0));
    console.log(`${found.length === 0 ? 'equal  ' : 'DIFFERS'}  ${one.name}`);
    for (const line of found.slice(0, 5)) console.log(`           ${line}`);
    return found.length === 0 ? [] : [one.name];
  });
}

function average(): readonly string[] {
  const all = averageCases(clients).flatMap(({ leaves, ...one }) =>
    compare(one, 'check', replications, leaves).map((comparison) => ({ name: one.name, ...comparison })),
  );
  const differing = decided(all);
  for (const each of all) {
    const { name, metric, lean, full, difference, half, pValue } = each;
    const numbers = [lean, full, difference, half].map((value) => value.toFixed(3).padStart(9)).join(' ');
    console.log(
      `${name.padEnd(24)} ${metric.padEnd(20)} ${numbers}  p ${pValue.toFixed(3)}${differing.includes(each) ? '  DIFFERS' : ''}`,
    );
  }
  return differing.map(({ name, metric }) => `${metric} (${name})`);
}

function wholeOf(flag: string, text: string | undefined, byDefault: number): number {
  const value = text === undefined ? byDefault : Number(text);
  if (Number.isInteger(value) && value >= 2) return value;
  console.error(`check:fidelity: ${flag}: expected a whole number from 2, got ${JSON.stringify(text)}`);
  process.exit(2);
}
