/** `--policies`: a list of policies, each with the knobs behind it, by the names that people have for them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { policiesOf, policyOf } from '../../sim/input/policy-argument.ts';
import { contendersOf } from '../../sim/lab/contenders.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { ms, seconds } from '../../src/time.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-policies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, policy: unknown = printPolicy(PRESETS.grpc.policy)): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(policy));
  return path;
};

test('a knob belongs to the policy before it', () => {
  const mine = file('mine.json');
  expect(policiesOf(`full-jitter,cap=60s,delay.base=2s,socket.io,${mine},attemptsMax=4`)).toEqual([
    {
      name: 'full-jitter,cap=60s,delay.base=2s',
      policy: {
        ...PRESETS['full-jitter'].policy,
        cap: seconds(60),
        delay: { ...PRESETS['full-jitter'].policy.delay, base: seconds(2) },
      },
    },
    { name: 'socket.io', policy: PRESETS['socket.io'].policy },
    { name: `${mine},attemptsMax=4`, policy: { ...PRESETS.grpc.policy, attemptsMax: 4 } },
  ]);
});

test('a path may hold commas and what looks like a knob', () => {
  for (const name of ['a,b.json', 'a,cap=60s.json', 'cap=60s.json'])
    expect(policiesOf(`socket.io,${file(name)},cap=200s,phoenix`).map(({ policy }) => policy)).toEqual([
      PRESETS['socket.io'].policy,
      { ...PRESETS.grpc.policy, cap: seconds(200) },
      PRESETS.phoenix.policy,
    ]);
});

test('a policy of a config stands beside presets, with knobs as they have', () => {
  const more = { patient: { ...PRESETS.default.policy, cap: seconds(60) } };
  expect(contendersOf('patient,base=1s, default', undefined, more)).toEqual([
    { name: 'patient,base=1s', policy: { ...more.patient, delay: { ...more.patient.delay, base: seconds(1) } } },
    { name: 'default', policy: PRESETS.default.policy },
  ]);
});

test.each([
  ['decorrelated', 'decorrelated-jitter'],
  ['full', 'full-jitter'],
  ['Full_Jitter', 'full-jitter'],
  ['FULL JITTER', 'full-jitter'],
  ['socket.io-client', 'socket.io'],
  ['@microsoft/signalr', 'signalr'],
  ['@rails/actioncable', 'actioncable'],
] as const)('%s is another name of %s', (name, preset) => {
  expect(policyOf(name)).toEqual(PRESETS[preset].policy);
  expect(policiesOf(`${name},phoenix`)[0]).toEqual({ name, policy: PRESETS[preset].policy });
});

test('the last word of a knob is enough where one knob of that policy has it', () => {
  expect(policyOf('full-jitter,base=2s,floor=5ms')).toEqual(policyOf('full-jitter,delay.base=2s,jitter.floor=5ms'));
  expect(policyOf('decorrelated,factor=4').jitter).toEqual({ kind: 'decorrelated', factor: { num: 4, of: 1 } });
  const bare = file('bare.json', { delay: { kind: 'constant', base: '1s' }, jitter: { kind: 'full' } });
  expect(policyOf(`${bare},floor=5ms`).jitter).toEqual({ kind: 'full', floor: ms(5) });
});

test.each([
  ['', /--policies: expected policies such as full-jitter,socket.io, got nothing/],
  ['cap=60s', /unknown policy "cap=60s"/],
  ['full-jitter,', /expected KNOB=VALUE .* got ""/],
  ['full-jitter,capp=60s', /`capp`: expected one of delay, jitter/],
  ['full-jitter,cap', /unknown policy "cap"/],
  ['aws', /policy "aws" may be aws-none, aws-exponential, .* or aws-sdk-adaptive: expected one of them/],
  ['jitter', /policy "jitter" may be full-jitter, equal-jitter/],
  ['@smithy/core', /may be aws-sdk, aws-sdk-throttling or aws-sdk-adaptive/],
  ['soket.io', /did you mean socket.io\?/],
  ['phoenix,phoenix', /expected different policies, got "phoenix" twice/],
  ['full-jitter,kind=equal', /--policy: kind may be delay.kind or jitter.kind of this policy/],
  ['graphql-ws,base.x=1', /has no "base" to change/],
  ['constructor', /unknown policy "constructor"/],
  ['__proto__', /unknown policy/],
  ['default,constructor=1', /`constructor`: expected one of delay/],
])('refuses %s in one line', (text, problem) => {
  expect(() => policiesOf(text)).toThrow(problem);
  expect(() => policiesOf(text)).toThrow(/^[^\n]*$/);
});
