import { conformance } from '../testing/conformance.js';
import { PROVIDERS } from './index.js';

for (const provider of PROVIDERS) conformance(provider);
