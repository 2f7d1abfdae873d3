// One method: why values left or were not stored, its entries, and how to make them go.
import { api, element, fill, number, seconds } from './tools.js';

const find = id => document.getElementById(id);
const dialog = find('details');
let method = null, readOnly = false, skip = 0, asked = 0, waiting = 0;

export function showDetails(chosen, isReadOnly) {
  [method, readOnly, skip] = [chosen, isReadOnly, 0];
  fill(find('details-title'), method.name);
  fill(find('details-options'), method.options);
  find('key-search').value = '';
  find('clear').hidden = readOnly;
  reasons();
  dialog.showModal();
  list();
}

export function refreshDetails(methods) {
  if (!dialog.open) return;
  method = methods.find(one => one.id === method.id) ?? method;
  reasons();
}

function reasons() {
  const all = [
    ['Entries', number(method.entries)],
    ...(method.maxBytes ? [['Weight', `${number(method.weight)} of ${number(method.maxBytes)}`]] : []),
    ...method.evictions.map(one => [`Left ${one.name}`, number(one.count)]),
    ...method.notStored.map(one => [`Not stored: ${one.name}`, number(one.count)]),
    ...method.others.map(one => [one.name[0].toUpperCase() + one.name.slice(1), number(one.count)]),
  ];
  find('details-reasons').replaceChildren(...all.map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', { text: value }))));
}

async function list() {
  const turn = ++asked;
  const query = new URLSearchParams({ search: find('key-search').value, skip });
  let page;
  try {
    page = await api(`methods/${method.id}/entries?${query}`);
  } catch (error) {
    fill(find('entries-note'), `No answer: ${error.message}`);
    return;
  }

  if (turn !== asked) return;
  const titles = ['Key', ...(page.showsValues ? ['Value'] : []), 'Age', 'Expires in', ...(page.showsWeights ? ['Weight'] : []), ...(readOnly ? [] : ['Evict'])];
  document.querySelector('#entries thead tr').replaceChildren(...titles.map(title => element('th', { scope: 'col', text: title, class: title === 'Value' ? 'text' : '' })));
  const body = document.querySelector('#entries tbody');
  // Who has come to a line by keyboard stays there.
  const chosen = body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  body.replaceChildren(...page.entries.map(entry => line(entry, page)));
  if (chosen) [...body.querySelectorAll('button')].find(button => button.getAttribute('aria-label') === chosen)?.focus();
  const first = page.entries.length ? skip + 1 : 0;
  fill(find('entries-note'), page.entries.length ? `Entries ${first} to ${skip + page.entries.length}` : 'No entries');
  find('back').disabled = skip === 0;
  find('more').disabled = !page.hasMore;
}

function line(entry, page) {
  const name = entry.instance ? `${entry.instance} (${entry.key})` : entry.key || '(no arguments)';
  const cells = [element('td', { text: name })];
  if (page.showsValues) cells.push(element('td', { text: entry.value ?? '', class: 'text' }));
  cells.push(element('td', { text: seconds(entry.age) }), element('td', { text: entry.remaining == null ? 'never' : seconds(entry.remaining) }));
  if (page.showsWeights) cells.push(element('td', { text: entry.weight == null ? 'unknown' : number(entry.weight) }));
  if (!readOnly) {
    const evict = element('button', { type: 'button', text: 'Evict', 'aria-label': `Evict ${name}` });
    evict.addEventListener('click', async () => {
      if (!await confirm('Evict this entry?', `${name} of ${method.name} is loaded again at the next call.`, 'Evict')) return;
      await change('evict', { key: entry.key, instance: entry.instance ?? null });
    });
    cells.push(element('td', {}, evict));
  }
  return element('tr', {}, ...cells);
}

async function change(what, body) {
  // A search that is still to come would take away what is said here.
  clearTimeout(waiting);
  let said;
  try {
    const { removed } = await api(`methods/${method.id}/${what}`, body);
    said = removed === 1 ? 'One entry has been removed.' : `${number(removed)} entries have been removed.`;
  } catch (error) {
    said = `Nothing was changed: ${error.message}`;
  }
  document.dispatchEvent(new Event('memoize-changed'));
  await list();
  fill(find('entries-note'), said);
  // The button that was pressed is gone.
  find('key-search').focus();
}

function confirm(title, text, action) {
  const question = find('confirm');
  fill(find('confirm-title'), title);
  fill(find('confirm-text'), text);
  fill(find('yes'), action);
  question.returnValue = '';
  question.showModal();
  find('no').focus();
  return new Promise(answer => question.addEventListener('close', () => answer(question.returnValue === 'yes'), { once: true }));
}

find('yes').addEventListener('click', () => find('confirm').close('yes'));
find('no').addEventListener('click', () => find('confirm').close('no'));
find('close').addEventListener('click', () => dialog.close());
find('clear').addEventListener('click', async () => {
  if (await confirm('Clear all entries?', `All ${number(method.entries)} entries of ${method.name} are removed, and loaded again when they are asked for.`, 'Clear')) await change('clear', {});
});
find('back').addEventListener('click', () => { skip = Math.max(0, skip - 50); list(); });
find('more').addEventListener('click', () => { skip += 50; list(); });
find('key-search').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(() => { skip = 0; list(); }, 200); });
