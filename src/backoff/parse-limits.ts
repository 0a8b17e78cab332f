/** How modes and the bounds of dials are read: budget, window, throttle. */
import { seconds, ZERO } from '../time.ts';
import { duration, problem, type Report, ratio, record, truth, whole, word } from './knobs.ts';
import { CURVE_KNOBS, compareCurve, readCurve } from './parse-curve.ts';
import {
  type Budget,
  type Curve,
  MODES_MAX,
  type Mode,
  SPAN_MAX,
  TABLE_MAX,
  type Throttle,
  TOKENS_MAX,
  type Window,
} from './policy.ts';

/** A knob of a mode that is left out is as in the policy itself. */
export function readModes(report: Report, input: unknown, path: string, own: Curve): readonly Mode[] {
  if (!Array.isArray(input) || input.length > MODES_MAX) {
    problem(report, path, `a list of up to ${MODES_MAX} modes`, input);
    return [];
  }
  return (input as unknown[]).map((value, index) => readMode(report, value, `${path}[${index}]`, own));
}

function readMode(report: Report, input: unknown, path: string, own: Curve): Mode {
  const given = record(report, input, path, ['on', 'after', 'cuts', ...CURVE_KNOBS]);
  const at = (knob: string): string => `${path}.${knob}`;
  const { on = null, after = null } = given;
  const mode: Mode = {
    on: on === null ? null : word(report, on, at('on'), ['down', 'overloaded']),
    after: after === null ? null : duration(report, after, at('after'), SPAN_MAX),
    cuts: truth(report, given.cuts ?? false, at('cuts')),
    ...readCurve(report, given, at, own),
  };
  if (on === null && after === null && report.problems.length === 0)
    problem(report, path, 'a mode with `on`, `after` or both, because it would hold always', input);
  if (mode.cuts && mode.after === null && report.problems.length === 0)
    problem(report, at('cuts'), '`after` beside it, the time at which it cuts', true);
  if (report.problems.length === 0) compareCurve(report, mode, at);
  return mode;
}

export function readBudget(report: Report, input: unknown, path: string): Budget {
  const given = record(report, input, path, ['tokens', 'cost', 'reserve', 'perSuccess', 'perSecond', 'empty']);
  const at = (knob: string): string => `${path}.${knob}`;
  const tokens = whole(report, given.tokens, at('tokens'), 1, TOKENS_MAX);
  return {
    tokens,
    cost: whole(report, given.cost ?? 1, at('cost'), 1, tokens),
    reserve:
      given.reserve === undefined || given.reserve === null
        ? null
        : whole(report, given.reserve, at('reserve'), 0, tokens - 1),
    perSuccess: ratio(report, given.perSuccess ?? { num: 0, of: 1 }, at('perSuccess')),
    perSecond: ratio(report, given.perSecond ?? { num: 0, of: 1 }, at('perSecond')),
    empty: word(report, given.empty ?? 'stop', at('empty'), ['stop', 'wait']),
  };
}

export function readWindow(report: Report, input: unknown, path: string): Window {
  const given = record(report, input, path, ['dials', 'within', 'full']);
  return {
    dials: whole(report, given.dials, `${path}.dials`, 1, TABLE_MAX),
    within: stretch(report, given.within, `${path}.within`),
    full: word(report, given.full ?? 'wait', `${path}.full`, ['stop', 'wait']),
  };
}

export function readThrottle(report: Report, input: unknown, path: string): Throttle {
  const given = record(report, input, path, ['k', 'within', 'most']);
  const most = ratio(report, given.most ?? { num: 9, of: 10 }, `${path}.most`);
  const k = ratio(report, given.k ?? { num: 2, of: 1 }, `${path}.k`);
  if (most.num >= most.of && report.problems.length === 0)
    problem(report, `${path}.most`, 'a ratio below 1, or a client may lock itself out for good', most);
  if (k.num < k.of && report.problems.length === 0)
    problem(report, `${path}.k`, 'a ratio of 1 or more, or a healthy client would be throttled', k);
  return {
    k,
    within: given.within === undefined ? seconds(120) : stretch(report, given.within, `${path}.within`),
    most,
  };
}

/** A stretch of time that is counted over: not none. */
function stretch(report: Report, value: unknown, path: string): Window['within'] {
  const read = duration(report, value, path);
  if (read === ZERO && report.problems.length === 0) problem(report, path, 'a stretch longer than 0', value);
  return read;
}
