import type { Random } from '@firstword/turn/statistics';
import type { Sdk, WildCall } from './call.js';
import type { Carried } from './cause.js';
import type { PrintedLine } from './record.js';
import type { WildFile } from './wrappers.js';

/** A form in which a framework or a tool prints calls. */
export interface WildShape {
  id: string;
  sdk: Sdk;
  carries: readonly Carried[];
  /** For a format without turns: what a refusal that names it contains. */
  refusal?: RegExp;
  /** Log lines, which a platform may wrap; or a document, which is a file of its own. */
  print(calls: readonly WildCall[], random: Random): PrintedLine[] | WildFile;
  /** Whether `print` gives lines. */
  isLines: boolean;
}
