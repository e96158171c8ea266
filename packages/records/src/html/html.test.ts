import { expect, it } from 'vitest';
import { html } from './markup.js';
import { scaleOf } from './plots/scale.js';

it('escapes values in a template, but not nested templates', () => {
  expect(html`<b>${'<'}${[html`<i>`, '&']}${undefined}${0}</b>`.text).toBe('<b>&lt;<i>&amp;0</b>');
});

it('has scales with round ticks that cover all values', () => {
  const x = scaleOf([0, 1834], { from: 10, to: 110, ticks: 6 });
  expect(x.ticks).toEqual([0, 500, 1000, 1500, 2000]);
  expect([x(0), x(2000)]).toEqual([10, 110]);
  expect(scaleOf([-340, 120], { from: 0, to: 1, ticks: 6 }).ticks).toEqual([
    -400, -300, -200, -100, 0, 100, 200,
  ]);
  expect(scaleOf([0], { from: 0, to: 1, ticks: 6 }).ticks.length).toBeGreaterThan(1);
});
