/** `npm run validate:link`: the link machine against real TCP. Exit 1 when a wanted bound is missed. */
import { bulkRows, connectRows, FULL, healRows, keeps, pacedRows, type Row } from './compare.ts';

const EXPERIMENTS = { connect: connectRows, paced: pacedRows, bulk: bulkRows, heal: healRows } as const;

const chosen = process.argv.slice(2);
let missed = 0;
for (const [name, rows] of Object.entries(EXPERIMENTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const each of rows(FULL)) {
    if (!keeps(each)) missed++;
    console.log(line(each));
  }
}
console.log(missed === 0 ? 'every wanted bound is kept' : `${missed} bounds missed`);
process.exitCode = missed === 0 ? 0 : 1;

function line(row: Row): string {
  const { experiment, cell, figure, measured, simulated, bound } = row;
  const verdict = bound === null ? '' : keeps(row) ? `within ${bound * 100} %` : `MISSED, wanted ${bound * 100} %`;
  const number = (n: number): string => (Number.isFinite(n) ? n.toFixed(1) : 'never').padStart(10);
  const ratio = (simulated / measured).toFixed(2).padStart(6);
  return `${experiment.padEnd(8)}${cell.padEnd(46)}${figure} ${number(measured)}${number(simulated)}${ratio}  ${verdict}`;
}
