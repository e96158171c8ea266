import type { Language } from '../language.js';

/** German. */
export const de: Language = {
  code: 'de',
  charactersPerToken: 4.1,
  role: 'Du bist die Rezeptionistin eines Restaurants am Telefon. Antworte in ein oder zwei kurzen Sätzen, in einfachem gesprochenem Deutsch, ohne Listen und Zeichen.',
  rule: (n) =>
    `Hausregel ${n}: Gäste an Tisch ${n} können bis halb zehn in der Küche bestellen und zahlen an der Theke neben der Tür.`,
  call: [
    {
      caller: 'Guten Tag, ab wann haben Sie am Freitag geöffnet?',
      agent: 'Am Freitag haben wir von zwölf bis dreiundzwanzig Uhr geöffnet.',
    },
    {
      caller: 'Ich möchte einen Tisch für vier Personen bestellen.',
      agent: 'Sehr gern. Für welchen Tag und welche Uhrzeit?',
    },
    {
      caller: 'Freitagabend um halb acht, bitte.',
      agent: 'Freitag um halb acht ist noch frei. Auf welchen Namen?',
    },
    {
      caller: 'Auf Maria Gonzalez.',
      agent: 'Danke, Frau Gonzalez. Ein Tisch für vier am Freitag um halb acht.',
    },
    {
      caller: 'Haben Sie auch glutenfreie Gerichte?',
      agent: 'Ja, die meisten Hauptgerichte bereiten wir auch glutenfrei zu.',
    },
    { caller: 'Was kostet ein Abendessen ungefähr?', agent: 'Etwa dreißig Euro pro Person, mit Getränken.' },
    {
      caller: 'Und wie komme ich vom Bahnhof zu Ihnen?',
      agent: 'Zehn Minuten zu Fuß am Fluss entlang, oder zwei Haltestellen mit der Bahn.',
    },
    {
      caller: 'Können wir bei schönem Wetter draußen sitzen?',
      agent: 'Natürlich, ich habe die Terrasse für Sie vermerkt.',
    },
  ],
};
