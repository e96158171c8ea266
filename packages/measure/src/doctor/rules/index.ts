import type { Rule } from '../rule.js';
import { brokenPrefix } from './broken-prefix.js';
import { coldConnection } from './cold-connection.js';
import { distantRegion } from './distant-region.js';
import { hiddenReasoning } from './hidden-reasoning.js';
import { llmShare } from './llm-share.js';
import { promptGrowth } from './prompt-growth.js';
import { toolOrder } from './tool-order.js';
import { ttftRange } from './ttft-range.js';

/** Every rule. Their order means nothing: findings are ranked by what they would save. */
export const RULES: readonly Rule[] = [
  brokenPrefix,
  coldConnection,
  distantRegion,
  hiddenReasoning,
  llmShare,
  promptGrowth,
  toolOrder,
  ttftRange,
];
