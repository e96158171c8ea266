import { hash32 } from '@firstword/turn/statistics';
import type {
  EmulatedAnswer,
  EmulatedMessage,
  EmulatedToolCall,
  EmulatedToolChoice,
  JsonSchema,
  OfferedTool,
} from '../chat/chat.js';
import {
  type BusinessRules,
  type Conversation,
  type ConversationTurn,
  INITIAL_CONVERSATION,
  takeTurn,
} from './conversation.js';
import { LINES, QUESTIONS } from './phrases/lines.js';
import {
  bookingTool,
  fillArguments,
  isBookingTool,
  mentionedTools,
  readResult,
  requiresName,
} from './tools.js';

/** The input of the receptionist. */
export interface ReceptionistInput {
  /** The conversation so far. */
  messages: readonly EmulatedMessage[];
  tools: readonly OfferedTool[];
  toolChoice: EmulatedToolChoice;
  parallelTools: boolean;
  /** The schema of the JSON that the reply must be; absent for a reply in words. */
  answerSchema?: JsonSchema;
  /** The date that "tomorrow" is counted from, `YYYY-MM-DD`. */
  today: string;
  /** Seed for the choice between wordings. */
  seed: number;
}

interface ReplayedHistory {
  state: Conversation;
  /** The caller's last turn, if it has not been answered yet. */
  turn: ConversationTurn | undefined;
  utterance: string;
}

/** The receptionist's reply to a message history. Pure: no memory, no clock, and randomness only from the seed. */
export function answerAsReceptionist(input: ReceptionistInput): EmulatedAnswer {
  const rules = rulesFor(input);
  const history = replayHistory(input, rules);
  const results = trailingResults(input.messages);
  if (results.length > 0) return { text: replyToResults(input, history, results, rules), toolCalls: [] };

  const wanted = chooseTools(input, history);
  const toolCalls = wanted.map((tool, index) => buildToolCall(tool, input, history, index));
  if (toolCalls.length > 0) return { text: '', toolCalls };
  if (input.answerSchema) return { text: jsonAnswer(input.answerSchema, input, history), toolCalls: [] };
  return { text: history.turn?.say ?? rules.pick(LINES.greeting, 0), toolCalls: [] };
}

/** JSON that matches the schema, filled with what the caller said. */
function jsonAnswer(schema: JsonSchema, input: ReceptionistInput, history: ReplayedHistory): string {
  const { state, utterance } = history;
  return JSON.stringify(fillArguments(schema, { booking: state.booking, today: input.today, utterance }));
}

function rulesFor({ seed, today, tools, toolChoice }: ReceptionistInput): BusinessRules {
  const tool = toolChoice === 'none' ? undefined : bookingTool(tools);
  return {
    today,
    needsName: tool === undefined || requiresName(tool),
    bookWithTool: tool !== undefined,
    pick: (lines, turn) => lines[hash32(`${seed}:${turn}:${lines[0]}`) % lines.length] ?? '',
  };
}

/** Rebuilds the conversation state from the whole history: the caller's messages and the tool results. */
function replayHistory(input: ReceptionistInput, rules: BusinessRules): ReplayedHistory {
  let state = INITIAL_CONVERSATION;
  let turn: ConversationTurn | undefined;
  let utterance = '';
  for (const message of input.messages) {
    if (message.role === 'user') {
      utterance = message.text;
      turn = takeTurn(state, utterance, rules);
      state = turn.next;
    } else if (message.role === 'tool' && answersBooking(message, input.messages)) {
      if (!readResult(message.text).ok) state = reopenTime(state);
    } else if (message.role === 'assistant' && message.toolCalls.length === 0) {
      turn = undefined;
    }
  }
  return { state, turn, utterance };
}

function answersBooking(result: EmulatedMessage, messages: readonly EmulatedMessage[]): boolean {
  const answered = messages
    .flatMap((message) => message.toolCalls)
    .find((candidate) => candidate.id === result.toolCallId);
  return answered === undefined || isBookingTool({ name: answered.name, description: '', parameters: {} });
}

/** The booking tool rejected the time: asks for another one and keeps the other slots. */
function reopenTime(state: Conversation): Conversation {
  return {
    ...state,
    stage: 'asking',
    expected: 'time',
    booking: { ...state.booking, timeMinutes: undefined },
  };
}

/** The tool results at the end of the history, which the assistant has not replied to yet. */
function trailingResults(messages: readonly EmulatedMessage[]): EmulatedMessage[] {
  const last = messages.findLastIndex((message) => message.role !== 'tool');
  return messages.slice(last + 1);
}

function chooseTools(input: ReceptionistInput, { turn, utterance }: ReplayedHistory): OfferedTool[] {
  const { tools, toolChoice, parallelTools } = input;
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') return tools.filter((tool) => tool.name === toolChoice.name);
  const mentioned = mentionedTools(tools, utterance);
  const booking = turn?.action === 'book' ? bookingTool(tools) : undefined;
  const wanted = turn === undefined ? [] : [...(booking ? [booking] : []), ...mentioned];
  if (toolChoice === 'required' && wanted.length === 0) {
    const tool = bookingTool(tools) ?? tools[0];
    return tool ? [tool] : [];
  }
  return parallelTools ? wanted : wanted.slice(0, 1);
}

function buildToolCall(
  tool: OfferedTool,
  input: ReceptionistInput,
  history: ReplayedHistory,
  index: number,
): EmulatedToolCall {
  const context = { booking: history.state.booking, today: input.today, utterance: history.utterance };
  const json = JSON.stringify(fillArguments(tool.parameters, context));
  const id = hash32(`${tool.name}${json}${input.messages.length}:${index}`).toString(36);
  return { id: `call_emulated_${id}`, name: tool.name, arguments: json };
}

/** The reply after tool results. */
function replyToResults(
  input: ReceptionistInput,
  { state }: ReplayedHistory,
  results: EmulatedMessage[],
  rules: BusinessRules,
): string {
  const said = results.map((result) => {
    const { ok, detail } = readResult(result.text);
    if (!answersBooking(result, input.messages))
      return ok ? (detail ?? 'I looked that up for you.') : "I'm sorry, I couldn't find that out.";
    if (ok) return [state.lastSaid.replace(/[^.!?]*\?$/, '').trim(), detail].filter(Boolean).join(' ');
    return `I'm sorry, ${detail ? lowerFirst(detail) : 'that time is taken.'} ${rules.pick(QUESTIONS.time, state.turns)}`;
  });
  return said.filter((s) => s !== '').join(' ') || rules.pick(LINES.anythingElse, state.turns);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
