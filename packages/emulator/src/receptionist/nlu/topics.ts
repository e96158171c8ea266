/** What an utterance is about. An utterance can have several topics. */
export type Topic =
  | 'hours'
  | 'book'
  | 'change'
  | 'cancel'
  | 'menu'
  | 'diets'
  | 'prices'
  | 'directions'
  | 'parking'
  | 'children'
  | 'howAreYou'
  | 'whoAreYou'
  | 'weather'
  | 'thanks'
  | 'goodbye'
  | 'greeting'
  | 'again'
  | 'wait'
  | 'yes'
  | 'no';

/** In the order of replies. The patterns expect normalised text. */
const TOPICS: [Topic, RegExp][] = [
  ['howAreYou', /\bhow (are|r) (you|u)\b|\bhow's it going\b|\bhow do you do\b/],
  ['whoAreYou', /\b(robot|human|real person|machine|computer|bot|an ai)\b|\bwho (are you|is this|am i)\b/],
  ['weather', /\b(weather|sunny|rain(ing|y)?)\b/],
  ['hours', /\b(open(ing)?|close|closed|closing|hours)\b|\bwhat time do you\b|\bhow late\b/],
  ['menu', /\b(menu|food|serve|dish(es)?|specials?|cook(ing)?|to eat|dinner like|cuisine)\b/],
  ['diets', /\b(vegetarian|veggie|vegan|gluten|allerg(y|ies|ic)|halal|kosher|dairy)\b/],
  ['prices', /\b(prices?|pricing|costs?|expensive|cheap|set menu)\b|\bhow much\b/],
  ['directions', /\b(where|address|directions?|located|location|find you|get there|get to you)\b/],
  ['parking', /\bpark(ing)?\b|\bcar\b/],
  ['children', /\b(kids?|child(ren)?|baby|babies|high ?chairs?|pram)\b/],
  ['cancel', /\bcancel(led|ling)?\b/],
  ['change', /\b(change|move|reschedule|instead|actually|rather|different (time|day)|make it)\b/],
  ['book', /\b(book|reserve|reservation|booking|table|get a seat|come in for)\b/],
  ['again', /\b(say that again|repeat|pardon|come again|what (did you say|was that)|didn't (hear|catch))\b/],
  [
    'wait',
    /\b(hold on|hang on|one (moment|second|sec)|1 (moment|second|sec)|just a (moment|second|minute)|wait)\b/,
  ],
  ['thanks', /\b(thanks?|thank you|cheers|appreciate)\b/],
  ['goodbye', /\b(bye|goodbye|good night|see you|that's all|that is all|that's it|nothing else)\b/],
  ['greeting', /\b(hello|hi|hey|good (morning|afternoon|evening))\b/],
  [
    'yes',
    /\b(yes|yeah|yep|yup|sure|correct|right|ok|okay|please do|go ahead|perfect|that's (fine|right)|sounds good|absolutely|of course|confirm)\b/,
  ],
  ['no', /\b(no|nope|nah|not (right|quite|that|really)|wrong|incorrect|don't)\b/],
];

/** All topics of an utterance. Expects normalised text. */
export function findTopics(text: string): Topic[] {
  const topics = TOPICS.filter(([, pattern]) => pattern.test(text)).map(([topic]) => topic);
  return topics.includes('diets') ? topics.filter((topic) => topic !== 'menu') : topics;
}
