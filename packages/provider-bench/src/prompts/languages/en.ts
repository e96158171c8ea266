import type { Language } from '../language.js';

/** English. */
export const en: Language = {
  code: 'en',
  charactersPerToken: 4.1,
  role: 'You are the receptionist of a restaurant, on the telephone. Answer in one or two short sentences, in plain spoken English, without lists or symbols.',
  rule: (n) =>
    `House rule ${n}: a party at table ${n} may order from the kitchen until half past nine and pays at the bar near the door.`,
  call: [
    {
      caller: 'Hello, what time are you open on Friday?',
      agent: 'On Friday we are open from noon until eleven at night.',
    },
    {
      caller: 'I would like to book a table for four.',
      agent: 'With pleasure. For which day and time would that be?',
    },
    {
      caller: 'Friday evening at half past seven, please.',
      agent: 'Half past seven on Friday is free. What name may I put it under?',
    },
    {
      caller: 'It is Maria Gonzalez.',
      agent: 'Thank you, Maria. A table for four on Friday at half past seven.',
    },
    {
      caller: 'Do you have anything without gluten?',
      agent: 'Yes, most of our main courses can be made without gluten.',
    },
    {
      caller: 'How much is dinner for one person, roughly?',
      agent: 'Most guests pay about thirty euros, drinks included.',
    },
    {
      caller: 'And how do I get there from the station?',
      agent: 'It is a ten minute walk along the river, or two stops by tram.',
    },
    {
      caller: 'Could we sit outside if the weather is good?',
      agent: 'Of course, I have noted that you would like the terrace.',
    },
  ],
};
