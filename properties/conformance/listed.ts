/** The listed differences as `docs/real.md` has them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { counted } from '../../src/count.ts';
import { PROGRAMS } from './catalogue.ts';
import { DIFFERENCES, NOT_RUN } from './differences.ts';
import { type Real, realOf, recorded } from './expected.ts';

export const PAGE = fileURLToPath(new URL('../../docs/real.md', import.meta.url));
const BEGIN = /^<!-- listed:.*-->$/m;
const END = '<!-- /listed -->';

/** What stands in the page between its two marks. */
export function listedIn(text: string): string {
  const [, rest = ''] = text.split(BEGIN);
  return (rest.split(END)[0] as string).trim();
}

/** The page, with what is listed now. */
export function listedAnew(): string {
  const text = readFileSync(PAGE, 'utf8');
  return text.replace(listedIn(text) === '' ? `-->\n${END}` : listedIn(text), () =>
    listedIn(text) === '' ? `-->\n${listed()}\n${END}` : listed(),
  );
}

/** How many programs agree, and each difference with its reason. */
export function listed(): string {
  const differing = new Set(DIFFERENCES.map(({ program }) => program));
  const row = (real: Real, what: string): string => {
    const all = PROGRAMS.filter((program) => realOf(program) === real);
    const known = all.filter(({ name }) => differing.has(name)).length;
    const left = all.filter(({ name }) => Object.hasOwn(NOT_RUN, name)).length;
    const { versions, day } = recorded(real);
    return `| ${what} | ${versions.join(', ')} | ${day} | ${all.length} | ${all.length - known - left} | ${known} | ${left} |`;
  };
  const reasons = new Map<string, string[]>();
  for (const { program, why } of DIFFERENCES) {
    const programs = reasons.get(why) ?? [];
    if (!programs.includes(program)) programs.push(program);
    reasons.set(why, programs);
  }
  return [
    '| programs | recorded with | on | in all | the realm says the same | differs as listed | not run |',
    '|-|-|-|-|-|-|-|',
    row('chromium', 'pages'),
    row('node', 'Node processes'),
    '',
    `**Differences** (${counted(reasons.size, 'reason')}):`,
    '',
    '| what differs | programs |',
    '|-|-|',
    ...[...reasons].map(([why, programs]) => `| ${why} | ${programs.map((name) => `\`${name}\``).join(', ')} |`),
    ...Object.entries(NOT_RUN).map(([name, why]) => `| not run: ${why} | \`${name}\` |`),
  ].join('\n');
}
