import type { TurnRecord } from '@firstword/turn';
import { isFailed, roundMs } from '@firstword/turn/display';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A duration in ms without the unit, rounded by `roundMs`: "1,240", "1", "0.3". */
export function msText(ms: number): string {
  return tenths.format(roundMs(ms)).replace('-', '−');
}

/** Whether the turn failed: no answer, an apology, or an answer that broke off. */
export const hasFailed = ({ outcome }: TurnRecord): boolean => isFailed(outcome);

/** Provider and model that answered: "groq / gpt-oss-120b". */
export function llmText(record: TurnRecord): string | undefined {
  return record.llm && `${record.llm.provider} / ${record.llm.model}`;
}

function tokensText(tokens: NonNullable<TurnRecord['llm']>['tokens']): string | undefined {
  if (!tokens) return undefined;
  const parts = [
    tokens.promptTokens !== undefined && `${whole.format(tokens.promptTokens)} in`,
    tokens.cachedTokens !== undefined && `${whole.format(tokens.cachedTokens)} cached`,
    tokens.completionTokens !== undefined && `${whole.format(tokens.completionTokens)} out`,
    tokens.reasoningTokens !== undefined && `${whole.format(tokens.reasoningTokens)} reasoning`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function connectionText(connection: NonNullable<TurnRecord['llm']>['connection']): string | undefined {
  if (!connection) return undefined;
  const { state, dnsMs, tcpMs, tlsMs } = connection;
  const phases = [
    dnsMs !== undefined && `DNS ${msText(dnsMs)} ms`,
    tcpMs !== undefined && `TCP ${msText(tcpMs)} ms`,
    tlsMs !== undefined && `TLS ${msText(tlsMs)} ms`,
  ].filter((part) => part !== false);
  return [state, ...phases].join(', ');
}

function speculationText(speculation: TurnRecord['speculation']): string | undefined {
  if (!speculation) return undefined;
  const { started, kept, cancelled, wastedTokens, hiddenMs } = speculation;
  return [
    `${started} started, ${kept} kept, ${cancelled} cancelled`,
    ...(hiddenMs === undefined ? [] : [`${msText(hiddenMs)} ms hidden`]),
    ...(wastedTokens === undefined ? [] : [`${whole.format(wastedTokens)} tokens wasted`]),
  ].join(', ');
}

function toolsText({ tools, toolCalls }: TurnRecord): string | undefined {
  if (!tools || tools.length === 0) return toolCalls > 0 ? `${toolCalls} called` : undefined;
  return tools
    .map(({ name, startedMs, endedMs, isError, isSpeculative }) =>
      [
        `${name} ${endedMs === undefined ? 'still running' : `${msText(endedMs - startedMs)} ms`}`,
        ...(isError ? ['failed'] : []),
        ...(isSpeculative ? ['before the commit'] : []),
      ].join(', '),
    )
    .join('; ');
}

function realtimeText({ realtime }: TurnRecord): string | undefined {
  if (!realtime) return undefined;
  const { responses, silentResponses, turnDetection, isTurnEndReported } = realtime;
  return [
    `${responses} ${responses === 1 ? 'response' : 'responses'}`,
    ...(silentResponses > 0 ? [`${silentResponses} silent`] : []),
    ...(turnDetection ? [`turn ended by ${turnDetection}`] : []),
    ...(isTurnEndReported === false ? ['end of the turn not reported'] : []),
  ].join(', ');
}

const RESCUED_BY = {
  model: 'asked again',
  cascade: 'an LLM and the TTS',
  repeat: 'the caller asked to repeat it',
};

function rescueText({ rescue }: TurnRecord): string | undefined {
  if (!rescue) return undefined;
  const { afterMs, by = 'model', isHeard } = rescue;
  return `after ${msText(afterMs)} ms: ${RESCUED_BY[by]}${isHeard ? '' : ', not heard'}`;
}

/** The facts about a turn other than its times, as label and value; those without a value are left out. */
export function factsOf(record: TurnRecord): { label: string; value: string }[] {
  const { llm, stt, tts, trimmedMs, levers } = record;
  const requests = llm && llm.requests !== 1 ? `${llm.requests}` : undefined;
  const facts: [string, string | undefined][] = [
    [record.realtime ? 'Realtime model' : 'LLM', llmText(record)],
    ['Tokens', tokensText(llm?.tokens)],
    ['Connection', connectionText(llm?.connection)],
    ['LLM requests', requests],
    ['Responses', realtimeText(record)],
    ['Replaced', rescueText(record)],
    ['Tools', toolsText(record)],
    ['Speculation', speculationText(record.speculation)],
    ['Silence trimmed', trimmedMs === undefined || levers ? undefined : `${msText(trimmedMs)} ms`],
    ['STT', stt && `${stt.provider} / ${stt.model}`],
    ['TTS', tts && `${tts.provider} / ${tts.voice ?? tts.model}`],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}
