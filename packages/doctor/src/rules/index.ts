import type { Rule } from '../rule.js';
import { additiveEndpointing } from './additive-endpointing.js';
import { bargeInSlow } from './barge-in-slow.js';
import { beforeReply } from './before-reply.js';
import { brokenPrefix } from './broken-prefix.js';
import { cascadeBehindRealtime } from './cascade-behind-realtime.js';
import { coldConnection } from './cold-connection.js';
import { cpuStarvation } from './cpu-starvation.js';
import { detectorFailover } from './detector-failover.js';
import { detectorLate } from './detector-late.js';
import { distantRegion } from './distant-region.js';
import { endpointingMax } from './endpointing-max.js';
import { endpointingWait } from './endpointing-wait.js';
import { eventLoopBlocked } from './event-loop-blocked.js';
import { failedTurns } from './failed-turns.js';
import { falseStops } from './false-stops.js';
import { fillerOverFastTool } from './filler-over-fast-tool.js';
import { firstTurn } from './first-turn.js';
import { helloColdWorker } from './hello-cold-worker.js';
import { helloDispatch } from './hello-dispatch.js';
import { helloGenerated } from './hello-generated.js';
import { helloModelLoad } from './hello-model-load.js';
import { hiddenReasoning } from './hidden-reasoning.js';
import { impossibleMetrics } from './impossible-metrics.js';
import { leadingSilence } from './leading-silence.js';
import { llmBurst } from './llm-burst.js';
import { llmShare } from './llm-share.js';
import { modelRetired } from './model-retired.js';
import { preemptiveTtsOff } from './preemptive-tts-off.js';
import { promptGrowth } from './prompt-growth.js';
import { quotaUsedUp } from './quota-used-up.js';
import { rateLimit } from './rate-limit.js';
import { realtimeBehindCascade } from './realtime-behind-cascade.js';
import { realtimeDistance } from './realtime-distance.js';
import { realtimeEagerness } from './realtime-eagerness.js';
import { realtimeLeadingSilence } from './realtime-leading-silence.js';
import { realtimeSilentResponses } from './realtime-silent-responses.js';
import { realtimeSlow } from './realtime-slow.js';
import { realtimeTools } from './realtime-tools.js';
import { realtimeTurnSilence } from './realtime-turn-silence.js';
import { realtimeWithLogic } from './realtime-with-logic.js';
import { scriptSplitter } from './script-splitter.js';
import { sentenceHeld } from './sentence-held.js';
import { slowFailover } from './slow-failover.js';
import { speculationContext } from './speculation-context.js';
import { speculationDiscarded } from './speculation-discarded.js';
import { speculationFormatting } from './speculation-formatting.js';
import { speculationOff } from './speculation-off.js';
import { speculationThrottled } from './speculation-throttled.js';
import { speculationWasteful } from './speculation-wasteful.js';
import { stragglers } from './stragglers.js';
import { sttFinalSlow } from './stt-final-slow.js';
import { tokenInflation } from './token-inflation.js';
import { toolOrder } from './tool-order.js';
import { toolSilence } from './tool-silence.js';
import { toolTurns } from './tool-turns.js';
import { toolsInSequence } from './tools-in-sequence.js';
import { transportLeg } from './transport-leg.js';
import { ttftRange } from './ttft-range.js';
import { ttsFirstByte } from './tts-first-byte.js';
import { ttsRetries } from './tts-retries.js';
import { unreportedTime } from './unreported-time.js';
import { userLogic } from './user-logic.js';
import { vendorSettings } from './vendor-settings.js';

/** Every rule. The order has no meaning: findings are ranked by their saving. */
export const RULES: readonly Rule[] = [
  additiveEndpointing,
  bargeInSlow,
  beforeReply,
  brokenPrefix,
  cascadeBehindRealtime,
  coldConnection,
  cpuStarvation,
  detectorFailover,
  detectorLate,
  distantRegion,
  endpointingMax,
  endpointingWait,
  eventLoopBlocked,
  failedTurns,
  falseStops,
  fillerOverFastTool,
  firstTurn,
  helloColdWorker,
  helloDispatch,
  helloGenerated,
  helloModelLoad,
  hiddenReasoning,
  impossibleMetrics,
  leadingSilence,
  llmBurst,
  llmShare,
  modelRetired,
  preemptiveTtsOff,
  promptGrowth,
  quotaUsedUp,
  rateLimit,
  realtimeBehindCascade,
  realtimeDistance,
  realtimeEagerness,
  realtimeLeadingSilence,
  realtimeSilentResponses,
  realtimeSlow,
  realtimeTools,
  realtimeTurnSilence,
  realtimeWithLogic,
  scriptSplitter,
  sentenceHeld,
  slowFailover,
  speculationContext,
  speculationDiscarded,
  speculationFormatting,
  speculationOff,
  speculationThrottled,
  speculationWasteful,
  stragglers,
  sttFinalSlow,
  tokenInflation,
  toolOrder,
  toolSilence,
  toolTurns,
  toolsInSequence,
  transportLeg,
  ttftRange,
  ttsFirstByte,
  ttsRetries,
  unreportedTime,
  userLogic,
  vendorSettings,
];
