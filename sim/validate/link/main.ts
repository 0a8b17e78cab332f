/**
 * `npm run validate:link`: the link machine against real TCP. Names of experiments choose among them. Exit 1 when a wanted
 * bound is missed at any round trip, also where the measurement itself is so uncertain that it does not rule the simulated figure out.
 */
import {
  bulkRows,
  connectRows,
  type Effort,
  FULL,
  healRows,
  idleRows,
  isLikely,
  isLikelyAgain,
  keeps,
  pacedRows,
  type Row,
} from './compare.ts';
import { deathRows } from './death.ts';

const EXPERIMENTS: Readonly<Record<string, (effort: Effort) => Row[]>> = {
  connect: connectRows,
  paced: pacedRows,
  bulk: bulkRows,
  heal: (effort) => [...healRows(effort), ...idleRows(effort)],
  death: deathRows,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => EXPERIMENTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such experiment: ${unknown.join(', ')}; there are ${Object.keys(EXPERIMENTS).join(', ')}`);
  process.exit(2);
}

console.log(
  `${'experiment and cell'.padEnd(66)}figure                 measured simulated  ratio  (95 % of the simulated median)`,
);
let missed = 0;
const totals: string[] = [];
for (const [name, rows] of Object.entries(EXPERIMENTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const all = rows(FULL);
  for (const row of all) console.log(line(row));
  for (const rtt of [...new Set(all.map((row) => row.rtt))].sort((a, b) => a - b)) {
    const judged = all.filter((row) => row.rtt === rtt && row.bound !== null);
    const bad = judged.filter((row) => !keeps(row));
    missed += bad.length;
    const kept = judged.length - bad.length;
    const share = `${Math.floor((100 * kept) / judged.length)} %`.padStart(6);
    const likely = bad.filter(isLikely).length;
    const later = bad.filter((row) => !isLikely(row) && isLikelyAgain(row)).length;
    const note =
      (likely === 0 ? '' : `; ${likely} of the others within the measurement's own 95 % interval`) +
      (later === 0 ? '' : `; ${later} within that of a second measurement`);
    totals.push(`${name.padEnd(8)}RTT ${`${rtt}`.padStart(3)}  ${kept} of ${judged.length}`.padEnd(30) + share + note);
  }
}
console.log(`\nbounds kept\n${totals.join('\n')}`);
console.log(missed === 0 ? 'all bounds kept' : `${missed} bounds missed`);
process.exitCode = missed === 0 ? 0 : 1;

function line(row: Row): string {
  const { experiment, cell, figure, measured, simulated } = row;
  const number = (n: number): string => (Number.isFinite(n) ? n.toFixed(1) : 'never').padStart(10);
  const ratio = (measured === simulated ? 1 : simulated / measured).toFixed(2).padStart(7);
  const start = `${experiment.padEnd(8)}${cell}`.padEnd(66);
  const spread = row.noise === null ? '' : `  (${row.noise.map((n) => number(n).trim()).join(' to ')})`;
  return `${start}${figure.padEnd(22)}${number(measured)}${number(simulated)}${ratio}  ${verdict(row)}${spread}`;
}

function verdict(row: Row): string {
  const { bound, interval, again } = row;
  const second =
    again === null ? '' : `; measured again: ${again.value} (${again.runs} runs, ${again.interval.join(' to ')})`;
  if (bound === null) return '';
  const wanted = bound === 0 ? 'equal' : `within ${bound * 100} %`;
  if (keeps(row)) return wanted;
  return `MISSED, wanted ${wanted}${isLikely(row) ? `; measured 95 %: ${interval?.join(' to ')}` : ''}${second}`;
}
