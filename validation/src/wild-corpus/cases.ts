import { hash32, seededRandom } from '@firstword/turn/statistics';
import type { WildCall } from './call.js';
import type { WildCause } from './cause.js';
import { CAUSES, HEALTHY } from './causes/index.js';
import { finishCall } from './healthy-call.js';
import type { WildShape } from './shape.js';
import { SHAPES } from './shapes/index.js';
import { type WildFile, WRAPPERS, type Wrapper } from './wrappers.js';

/** Cases of each cause, development and held out together. */
const CASES_OF_CAUSE = 22;
/** Healthy cases. */
const HEALTHY_CASES = 440;
const WORDINGS = 6;

/** One labelled case: a form, a platform around it, a cause, and a wording. */
export interface WildCase {
  /** `shape+wrapper/cause/wording`: also the seed. */
  name: string;
  shape: WildShape;
  wrapper: Wrapper | undefined;
  cause: WildCause;
  wording: number;
  /** Rules are not written on these; only totals are looked at. */
  isHeldOut: boolean;
}

/** The lowest bits of this hash depend on few bits of the text: a middle one decides. */
const isHeldOut = (name: string): boolean => ((hash32(`held out: ${name}`) >>> 15) & 1) === 1;

const canShow = (shape: WildShape, cause: WildCause): boolean =>
  cause.shapes
    ? cause.shapes.includes(shape.id)
    : shape.carries.length > 0 &&
      cause.sdks.includes(shape.sdk) &&
      cause.needs.every((need) => shape.carries.includes(need));

function combinations(cause: WildCause): WildCase[] {
  return SHAPES.filter((shape) => canShow(shape, cause)).flatMap((shape) =>
    (shape.isLines ? WRAPPERS : [undefined]).flatMap((wrapper) =>
      Array.from({ length: WORDINGS }, (_all, wording) => {
        const form = wrapper ? `${shape.id}+${wrapper.id}` : shape.id;
        const name = `${form}/${cause.id}/${wording}`;
        return { name, shape, wrapper, cause, wording, isHeldOut: isHeldOut(name) };
      }),
    ),
  );
}

/** `count` of the combinations, in the order of their hash, each shape as often as the others as far as they reach. */
function chosen(cause: WildCause, count: number): WildCase[] {
  const queue = combinations(cause).sort((a, b) => hash32(a.name) - hash32(b.name));
  const used = new Map<string, number>();
  const taken: WildCase[] = [];
  while (taken.length < count && queue.length > 0) {
    const fewest = Math.min(...queue.map((one) => used.get(one.shape.id) ?? 0));
    const at = queue.findIndex((one) => (used.get(one.shape.id) ?? 0) === fewest);
    const [next] = queue.splice(at, 1);
    used.set(next!.shape.id, fewest + 1);
    taken.push(next!);
  }
  return taken;
}

/** Every case of the corpus. */
export const CASES: readonly WildCase[] = [
  ...CAUSES.flatMap((cause) => chosen(cause, CASES_OF_CAUSE)),
  ...chosen(HEALTHY, HEALTHY_CASES),
];

/** The calls of a case and the file in which somebody would paste them. The same case always gives the same file. */
export function makeCase(one: WildCase): { calls: WildCall[]; file: WildFile } {
  const random = seededRandom(1, one.name, 'calls');
  const calls = one.cause.calls(random, one.shape.sdk, one.wording).map((call) => finishCall(call, random));
  const printed = one.shape.print(calls, seededRandom(1, one.name, 'print'));
  const file = Array.isArray(printed)
    ? one.wrapper!.wrap(printed, seededRandom(1, one.name, 'wrap'))
    : printed;
  return { calls, file };
}
