export { COLLECTORS, LOG_SERVICES, PARSED_JSON } from './collectors.js';
export { CONSOLE_LOGS, type LoggedText } from './console-logs.js';
export { HISTORIES, PLATFORM_CALLS, REFUSED } from './others.js';
export { TRACES } from './traces.js';
export { SAMPLE_TURNS } from './turns.js';
