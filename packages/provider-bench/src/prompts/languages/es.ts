import type { Language } from '../language.js';

/** Spanish. */
export const es: Language = {
  code: 'es',
  charactersPerToken: 3.9,
  role: 'Eres la recepcionista de un restaurante y atiendes el teléfono. Responde en una o dos frases cortas, en español hablado y sencillo, sin listas ni símbolos.',
  rule: (n) =>
    `Norma ${n}: los clientes de la mesa ${n} pueden pedir a la cocina hasta las nueve y media y pagan en la barra junto a la puerta.`,
  call: [
    {
      caller: 'Hola, ¿a qué hora abren el viernes?',
      agent: 'El viernes abrimos desde las doce hasta las once de la noche.',
    },
    {
      caller: 'Quisiera reservar una mesa para cuatro.',
      agent: 'Con mucho gusto. ¿Para qué día y a qué hora?',
    },
    {
      caller: 'El viernes por la noche, a las siete y media.',
      agent: 'El viernes a las siete y media hay sitio. ¿A qué nombre la pongo?',
    },
    {
      caller: 'A nombre de María González.',
      agent: 'Gracias, María. Mesa para cuatro el viernes a las siete y media.',
    },
    { caller: '¿Tienen algo sin gluten?', agent: 'Sí, casi todos los platos se pueden preparar sin gluten.' },
    {
      caller: '¿Cuánto cuesta más o menos cenar por persona?',
      agent: 'Unos treinta euros por persona, con la bebida incluida.',
    },
    {
      caller: '¿Y cómo llego desde la estación?',
      agent: 'Son diez minutos a pie por el río, o dos paradas en tranvía.',
    },
    {
      caller: '¿Podemos sentarnos fuera si hace buen tiempo?',
      agent: 'Claro, ya he apuntado que prefieren la terraza.',
    },
  ],
};
