/** What a hunt has seen: runs by network and harm, and reds by law. */
import { counted } from '../../src/count.ts';
import { formatDuration, ms } from '../../src/time.ts';
import { table } from '../cli/columns.ts';
import type { Problem } from '../explore/problems.ts';
import type { Sweep } from '../explore/sweep.ts';
import type { Combination } from './combinations.ts';

const HARMS = ['own plans', 'all faults', 'policies'] as const satisfies readonly Combination['harm'][];

interface Count {
  runs: number;
  reds: number;
}

export class Summary {
  readonly #counts = new Map<string, Count>();
  readonly #laws = new Map<string, { reds: number; readonly pastes: string[] }>();
  readonly #names: readonly (string | null)[];

  constructor(names: readonly (string | null)[]) {
    this.#names = names;
  }

  get runs(): number {
    return [...this.#counts.values()].reduce((sum, { runs }) => sum + runs, 0);
  }

  /** Runs that broke a law, or did not come to their end. */
  get reds(): number {
    return [...this.#counts.values()].reduce((sum, { reds }) => sum + reds, 0);
  }

  add({ harm, origin }: Combination, { tallies }: Sweep, problems: readonly Problem[]): void {
    const count = this.#of(origin.network, harm);
    for (const { tally } of tallies) {
      count.runs += tally.runs;
      count.reds += tally.brokenRuns + tally.budgetRuns + tally.bad.filter(({ ended }) => ended !== null).length;
    }
    for (const { law, paste } of problems) {
      const known = this.#laws.get(law) ?? { reds: 0, pastes: [] };
      this.#laws.set(law, known);
      known.reds++;
      known.pastes.push(paste);
    }
  }

  /** One line behind each combination. */
  line({ harm, origin }: Combination, wallMs: number): string {
    return `${counted(this.runs, 'run')}, ${this.reds} red, ${formatDuration(ms(Math.round(wallMs)))}: ${nameOf(origin.network)}, ${origin.policy ?? harm}`;
  }

  /** The table in lines of at most `width` characters, and what was found. */
  text(wallMs: number, width?: number): string {
    const rows = this.#names.map((name) => [nameOf(name), ...HARMS.map((harm) => shownCount(this.#of(name, harm)))]);
    const found = [...this.#laws].flatMap(([law, { reds, pastes }]) => [
      `${law}: ${counted(reds, 'combination')} of scenario, network and harm`,
      ...pastes.slice(0, PASTES).map((paste) => `    ${paste}`),
      ...(pastes.length > PASTES ? [`    and ${pastes.length - PASTES} more`] : []),
    ]);
    const end = `${counted(this.runs, 'run')}, ${this.reds} red, in ${formatDuration(ms(Math.round(wallMs)))}`;
    return `${[table(['network', ...HARMS], rows, width), '', ...found, end].join('\n')}\n`;
  }

  #of(network: string | null, harm: Combination['harm']): Count {
    const key = `${network}\n${harm}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { runs: 0, reds: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }
}

/** Lines to paste that are printed for each law. */
const PASTES = 5;

const nameOf = (network: string | null): string => network ?? "each scenario's own";
const shownCount = ({ runs, reds }: Count): string => (reds > 0 ? `${runs} (${reds} red)` : String(runs));
