import type { Language } from '../language.js';
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { hi } from './hi.js';
import { ja } from './ja.js';

/** The languages of the built-in prompts. To add one, add a file like these and list it here. */
export const LANGUAGES: readonly Language[] = [en, hi, es, ar, ja, de];
