import type { Rule } from '../rule.js';

/** Every rule. Their order means nothing: findings are ranked by what they would save. */
export const RULES: readonly Rule[] = [];
