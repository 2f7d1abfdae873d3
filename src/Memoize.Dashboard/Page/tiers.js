// The stores behind memory: whether they answer, what they had, and what they did not take. Without any there is no such table.
import { element, fill, number, percent, total, listed } from './tools.js';

const columns = [
  { title: 'Tier' },
  { title: 'State', show: tier => tier.isAvailable ? 'answers' : 'does not answer', kind: tier => tier.isAvailable ? 'good' : 'bad' },
  { title: 'Hit ratio', show: tier => percent(tier.hitRatio) },
  { title: 'Hits', show: tier => number(tier.hits) },
  { title: 'Misses', show: tier => number(tier.misses), hint: tier => listed(tier.others) },
  { title: 'Stored', show: tier => number(tier.stores) },
  { title: 'Not stored', show: tier => number(total(tier.notStored)), kind: tier => tier.notStored.length ? 'bad' : '', hint: tier => listed(tier.notStored) },
  { title: 'Failures', show: tier => number(tier.failures), kind: tier => tier.failures ? 'bad' : '', hint: tier => listed(tier.others) },
  { title: 'Evictions owed', show: tier => number(tier.owed), kind: tier => tier.owed ? 'bad' : '' },
];

const lines = new Map();

export function showTiers(tiers) {
  document.getElementById('tiers-part').hidden = tiers.length === 0;
  const head = document.querySelector('#tiers thead tr');
  if (!head.children.length) head.append(...columns.map(column => element('th', { scope: 'col', text: column.title })));

  const wanted = tiers.map(update);
  const body = document.querySelector('#tiers tbody');
  if (wanted.length !== body.children.length || wanted.some((line, index) => body.children[index] !== line)) body.replaceChildren(...wanted);
}

function update(tier) {
  const line = lines.get(tier.name) ?? added(tier);
  fill(line.querySelector('small'), `${tier.store}${tier.prefix ? `, keys begin with ${tier.prefix}` : ''}`);
  columns.slice(1).forEach((column, index) => {
    const cell = line.children[index + 1];
    fill(cell, column.show(tier));
    cell.className = column.kind?.(tier) ?? '';
    cell.title = column.hint?.(tier) ?? '';
  });
  return line;
}

function added(tier) {
  const line = element('tr', {}, element('th', { scope: 'row', text: tier.name }), ...columns.slice(1).map(() => element('td')));
  line.firstChild.append(element('small'));
  lines.set(tier.name, line);
  return line;
}
