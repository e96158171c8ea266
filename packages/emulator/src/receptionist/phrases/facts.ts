import type { Topic } from '../nlu/topics.js';

/** Topics whose reply is a fact about the restaurant, independent of the conversation. */
export type FactTopic = Exclude<
  Topic,
  'book' | 'change' | 'cancel' | 'thanks' | 'goodbye' | 'greeting' | 'again' | 'wait' | 'yes' | 'no'
>;

/** Replies of one, two or four sentences. Each topic has several wordings, of which the seed chooses one. */
export const FACTS: Record<FactTopic, readonly string[]> = {
  howAreYou: ["I'm very well, thank you for asking.", "I'm doing great, thanks."],
  whoAreYou: [
    "I'm the Blue Door's phone assistant. I'm an emulation, so nothing you book here is real.",
    "You're speaking with the Blue Door's assistant. I'm emulated, so no real table will be held.",
  ],
  weather: [
    'I hear it is a fine day to eat out.',
    "I can't see the sky from here, but our terrace has a roof.",
  ],
  hours: [
    "We're open every day from noon to ten. On Fridays and Saturdays we stay open until eleven.",
    'We open at noon every day. We close at ten, and at eleven on Fridays and Saturdays.',
  ],
  menu: [
    'We cook simple food from the coast. There is grilled fish every day, a slow lamb stew, and fresh pasta. The soup changes with the market. For dessert, people love the lemon cake.',
    "It's a short menu that follows the season. Right now we have grilled sea bass and a lamb stew. We make our own pasta every morning. And do leave room for the lemon cake.",
  ],
  diets: [
    'Yes, half of our menu is vegetarian, and we have vegan and gluten free dishes too.',
    'We do. There are vegetarian, vegan and gluten free dishes every day.',
  ],
  prices: [
    'Main dishes are between fourteen and twenty six dollars. The set menu with three courses is thirty five.',
    'Most mains are around twenty dollars. Three courses on the set menu are thirty five.',
  ],
  directions: [
    "We're at twelve Harbor Street, right by the old clock tower. From the station, walk towards the water. Turn left at the clock tower. You'll see a blue door after about fifty steps.",
    "The address is twelve Harbor Street. It's five minutes on foot from the station. Go down to the water and turn left at the clock tower. Then look for the blue door.",
  ],
  parking: [
    'There is a car park behind the building, and it is free after six.',
    'Yes, you can park behind the building, and after six it costs nothing.',
  ],
  children: [
    'Children are very welcome, and we have high chairs.',
    'Of course, bring the children. We have high chairs and a small menu for them.',
  ],
};

/** The order of the facts in a reply with several of them. */
export const FACT_TOPICS = Object.keys(FACTS) as FactTopic[];
