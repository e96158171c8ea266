import type { Language } from '../language.js';
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { hi } from './hi.js';
import { ja } from './ja.js';

/** Every language of the built-in prompts. A new one is a file like these and a line here. */
export const LANGUAGES: readonly Language[] = [en, hi, es, ar, ja, de];
