import {
  type CallRecord,
  type HelloDependency,
  type HelloMarkName,
  type HelloSchedule,
  helloScheduleOf,
  helloTimesOf,
} from '@firstword/turn';

/** The schedule of a call's first words, which changes are made to. */
export interface HelloPlan extends HelloSchedule {
  readonly dependencies: Map<HelloMarkName, readonly HelloDependency[]>;
  /** The mark that ends the time to hello. */
  readonly end: HelloMarkName;
}

/** A call that can be replayed. */
export interface ReplayCall {
  record: CallRecord;
  plan: HelloPlan;
}

/** @returns why not, where the record does not have both ends of a time to hello */
export function helloPlanOf({ marks, helloMs, problem }: CallRecord): HelloPlan | string {
  if (helloMs === undefined) return problem ?? 'the time to hello is not known';
  const { recordedMs, dependencies } = helloScheduleOf(marks);
  const end = recordedMs.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  return { recordedMs, dependencies: new Map(dependencies), end };
}

/** A plan to change without changing this one. */
export const copyHelloPlan = (plan: HelloPlan): HelloPlan => ({
  ...plan,
  dependencies: new Map(plan.dependencies),
});

/** Whether a call has all of these marks. */
export const hasHelloMarks = ({ recordedMs }: HelloPlan, ...marks: HelloMarkName[]): boolean =>
  marks.every((mark) => recordedMs.has(mark));

/** Time from one recorded mark to the other; both must exist. */
export const recordedSpanMs = ({ recordedMs }: HelloPlan, from: HelloMarkName, to: HelloMarkName): number =>
  recordedMs.get(to)! - recordedMs.get(from)!;

/** The time to hello of a plan, ms. */
export function helloMsOf(plan: HelloPlan): number {
  const times = helloTimesOf(plan);
  return Math.max(0, times.get(plan.end)! - times.get('callerArrived')!);
}

/** A mark that no longer waits for others of the plan but for this one. */
export function waitFor(plan: HelloPlan, mark: HelloMarkName, from: HelloMarkName, lagMs: number): void {
  plan.dependencies.set(mark, [{ from, lagMs }]);
}

/**
 * How much shorter a time to hello would be without these segments, ms: no more than until other work that ran at the same time
 * would be waited for.
 */
export function helloGainMs(
  { marks, helloMs, segments }: Pick<CallRecord, 'marks' | 'segments'> & { helloMs: number },
  names: readonly string[],
): number {
  const { recordedMs, dependencies } = helloScheduleOf(marks);
  const arrivedMs = recordedMs.get('callerArrived');
  if (arrivedMs === undefined) return 0;
  const end = recordedMs.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  const shorter = new Map(dependencies);
  for (const { fromMs, toMs, durationMs } of segments.filter(({ name }) => names.includes(name))) {
    for (const [mark, needs] of shorter) {
      if (recordedMs.get(mark) !== toMs) continue;
      const isSegment = ({ from }: HelloDependency) => Math.max(arrivedMs, recordedMs.get(from)!) === fromMs;
      shorter.set(
        mark,
        needs.map((need) =>
          isSegment(need) ? { ...need, lagMs: Math.max(0, need.lagMs - durationMs) } : need,
        ),
      );
    }
  }
  const times = helloTimesOf({ recordedMs, dependencies: shorter });
  return Math.max(0, helloMs - (times.get(end)! - arrivedMs));
}
