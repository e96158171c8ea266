import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';

type Found = Omit<Finding, 'rule' | 'title' | 'part' | 'kind'> & Partial<Pick<Finding, 'kind' | 'part'>>;

/** Builds a finding of a rule; its kind is `cause` unless given. */
export function findingOf(rule: Rule, found: Found): Finding {
  return { rule: rule.id, title: rule.title, part: rule.part, kind: 'cause', ...found };
}

/** The same remedy for LiveKit and Firstword: a change to the agent's own code or account. */
export const sameRemedy = (text: string, code?: string): Finding['fix'] => {
  const remedy = code === undefined ? { text } : { text, code };
  return { livekit: remedy, firstword: remedy };
};

/** How to record what a chat history lacks. */
export const LOG_TURNS = {
  text: 'Record whole turns: LiveKit’s own agent, one more listener, one line of JSON a turn',
  code: `import { SessionObserver } from '@firstword/livekit';
import { openTurnStore } from '@firstword/records';
const store = openTurnStore({ dir: 'firstword-out', callId: ctx.job.id });
new SessionObserver({ session, callId: ctx.job.id, onTurn: (turn, final) => final && store.append(turn) });`,
  python: `@session.on("conversation_item_added")
def on_item(ev):
    print(json.dumps({"items": [ev.item.model_dump(mode="json")]}), flush=True)`,
};
