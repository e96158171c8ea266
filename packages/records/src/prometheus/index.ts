export { BoundedLabel, OTHER, UNKNOWN } from './bounded-label.js';
export { type MetricsServer, type MetricsServerOptions, serveMetrics } from './metrics-server.js';
export { RecordFollower, type RecordFollowerOptions } from './record-follower.js';
export { TurnMetrics } from './turn-metrics.js';
