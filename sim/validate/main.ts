/**
 * `npm run validate:link`: the link machine against real TCP. Names of experiments choose among them. Exit 1 when a wanted
 * bound is missed, also where the measurement itself is so uncertain that it does not rule the simulated figure out.
 */
import { bulkRows, connectRows, type Effort, FULL, healRows, isLikely, keeps, pacedRows, type Row } from './compare.ts';
import { deathRows } from './death.ts';

const EXPERIMENTS: Readonly<Record<string, (effort: Effort) => Row[]>> = {
  connect: connectRows,
  paced: pacedRows,
  bulk: bulkRows,
  heal: healRows,
  death: deathRows,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => EXPERIMENTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such experiment: ${unknown.join(', ')}; there are ${Object.keys(EXPERIMENTS).join(', ')}`);
  process.exit(2);
}

console.log(`${'experiment and cell'.padEnd(66)}figure                 measured simulated  ratio`);
let kept = 0;
let missed = 0;
let likely = 0;
for (const [name, rows] of Object.entries(EXPERIMENTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const row of rows(FULL)) {
    if (!keeps(row)) missed++;
    else if (row.bound !== null) kept++;
    if (!keeps(row) && isLikely(row)) likely++;
    console.log(line(row));
  }
}
console.log(
  `${kept} wanted bounds kept, ${missed} missed, of which ${likely} lie within the measurement's own 95 % interval`,
);
process.exitCode = missed === 0 ? 0 : 1;

function line(row: Row): string {
  const { experiment, cell, figure, measured, simulated } = row;
  const number = (n: number): string => (Number.isFinite(n) ? n.toFixed(1) : 'never').padStart(10);
  const ratio = (measured === simulated ? 1 : simulated / measured).toFixed(2).padStart(7);
  const start = `${experiment.padEnd(8)}${cell}`.padEnd(66);
  return `${start}${figure.padEnd(22)}${number(measured)}${number(simulated)}${ratio}  ${verdict(row)}`;
}

function verdict(row: Row): string {
  const { bound, interval } = row;
  if (bound === null) return '';
  const wanted = bound === 0 ? 'equal' : `within ${bound * 100} %`;
  if (keeps(row)) return wanted;
  return `MISSED, wanted ${wanted}${isLikely(row) ? `; measured 95 %: ${interval?.join(' to ')}` : ''}`;
}
