/**
 * Kubernetes: `wait.Backoff` of client-go as JSON, and the back-off that a manifest asks for by what it is: a Job starts its
 * pods again after 10 s, doubling to 10 min, `backoffLimit` times; a Pod its containers at once, then after 10 s, doubling
 * to 5 min, and forgets that after twice as long without a restart.
 */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { minutes, seconds, us } from '../../../src/time.ts';
import { byKeys } from './by-keys.ts';
import { isRecord, joined, type Place } from './document.ts';
import { GO, SECONDS } from './durations.ts';
import type { Found, PolicyFormat } from './format.ts';
import { growing, PLAIN, ratioBy, retriesOf, waitOf } from './made.ts';
import { caseless, Part } from './part.ts';

const doubling = { num: 2, of: 1 };

export const CLIENT_GO: PolicyFormat = byKeys({
  name: 'client-go',
  title: 'client-go wait.Backoff',
  library: 'k8s.io/apimachinery 0.34',
  any: ['Factor', 'Steps'],
  all: ['Duration'],
  fold: caseless,
  others: {},
  read(part) {
    const base = part.duration(['Duration'], GO, us(0));
    const factor = part.number(['Factor'], 0);
    const jitter = part.number(['Jitter'], 0);
    const steps = part.number(['Steps'], 0, { whole: true });
    const given = part.duration(['Cap'], GO, us(0));
    const cap = given === 0 ? LONGEST : waitOf(part, 'Cap', given);
    const above = ratioBy(part, 'Jitter', jitter);
    const grows = factor !== 0 && steps > 0;
    if (grows && given !== 0) part.note('Cap: the step that would pass it is the last one of wait.ExponentialBackoff');
    const delay = growing(part, { base, factor: grows ? factor : 1, cap, names: ['Duration', 'Factor'] });
    const most = Math.min(Math.trunc(cap * (1 + above.num / above.of)), LONGEST);
    return {
      ...PLAIN,
      delay,
      jitter: jitter === 0 ? { kind: 'none' } : { kind: 'proportional', below: { num: 0, of: 1 }, above },
      ceiling: cap,
      cap: us(most),
      attemptsMax: steps > 0 ? retriesOf(steps - 1) : null,
    };
  },
});

const PODS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** A manifest: any object that says what kind of thing it is. */
export const KUBERNETES: PolicyFormat = {
  name: 'kubernetes',
  title: 'Kubernetes manifest (restarts, taken as dials)',
  library: 'Kubernetes 1.34',
  find: (places) => places.flatMap((place) => of(place) ?? []),
  force: (place) => of(place) ?? pod(place, null),
};

function of(place: Place): Found | null {
  const { kind, apiVersion, metadata } = place.value;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return null;
  const name = isRecord(metadata) && typeof metadata.name === 'string' ? metadata.name : kind;
  if (kind === 'Job') return job({ path: joined(place.path, 'spec'), value: recordOf(place.value.spec) }, name);
  if (kind === 'CronJob') {
    const template = recordOf(recordOf(place.value.spec).jobTemplate);
    return job({ path: joined(place.path, 'spec.jobTemplate.spec'), value: recordOf(template.spec) }, name);
  }
  if (kind === 'KubeletConfiguration') return kubelet(place);
  return PODS.includes(kind) ? pod(place, name) : null;
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

const job = (place: Place, name: string): Found => ({
  name,
  read(log) {
    const part = new Part(place, log);
    const limit = part.number(['backoffLimit'], 6, { whole: true });
    const deadline = part.duration(['activeDeadlineSeconds'], SECONDS, null);
    part.note('the delays of a Job are fixed: 10 s, doubling to 10 min');
    return {
      ...PLAIN,
      delay: { kind: 'exponential', base: seconds(10), factor: doubling, compounds: false },
      cap: minutes(10),
      attemptsMax: retriesOf(limit),
      elapsedMax: deadline,
    };
  },
});

/** CrashLoopBackOff, with the longest wait that a kubelet may be set to. */
const crashLoop = (most = minutes(5)): Policy => ({
  ...PLAIN,
  delay: { kind: 'exponential', base: us(Math.min(seconds(10), most)), factor: doubling, compounds: false },
  atOnce: true,
  cap: most,
  resetOn: 'never',
  idleAfter: us(2 * most),
});

const pod = (place: Place, name: string | null): Found => ({
  name,
  read(log) {
    const spec = recordOf(place.value.spec);
    const inner = isRecord(spec.template) ? recordOf(spec.template.spec) : spec;
    const part = new Part({ path: joined(place.path, 'spec'), value: inner }, log);
    const restarts = part.word(['restartPolicy'], ['Always', 'OnFailure', 'Never'], 'Always');
    part.note('the delays of restarts are fixed: none, then 10 s, doubling to 5 min');
    return { ...crashLoop(), attemptsMax: restarts === 'Never' ? 0 : null };
  },
});

const kubelet = (place: Place): Found => ({
  name: null,
  read(log) {
    const part = new Part(
      { path: joined(place.path, 'crashLoopBackOff'), value: recordOf(place.value.crashLoopBackOff) },
      log,
    );
    return crashLoop(part.duration(['maxContainerRestartPeriod'], GO, minutes(5)));
  },
});
