// The page: asks for the numbers every two seconds, and draws the table anew without losing the focus.
import { api, element, fill, number, seconds, percent, total, listed, brief } from './tools.js';
import { showDetails, refreshDetails } from './details.js';
import { showTiers } from './tiers.js';
import { plot } from './plot.js';

const columns = [
  { title: 'Method', text: true, of: row => row.name.toLowerCase() },
  { title: 'Hit ratio', of: row => row.hitRatio ?? -1 },
  { title: 'Hits', of: row => row.hits, show: number },
  { title: 'Misses', of: row => row.misses, show: number },
  { title: 'Loads', of: row => row.loads, show: number },
  { title: 'Load time', of: row => row.loadSeconds ?? -1, show: (_, row) => seconds(row.loadSeconds) },
  { title: 'Time saved', of: row => row.savedSeconds ?? -1, show: (_, row) => seconds(row.savedSeconds), kind: 'good' },
  { title: 'Entries', of: row => row.entries, show: number },
  { title: 'Evictions', of: row => total(row.evictions), show: number, reasons: 'evictions' },
  { title: 'Not stored', of: row => total(row.notStored), show: number, reasons: 'notStored', kind: 'bad' },
];

const find = id => document.getElementById(id);
const rows = new Map();
let sort = { column: 2, up: false };
let latest = null;
let paused = false;

function head() {
  const cells = columns.map((column, index) => {
    const button = element('button', { type: 'button', text: column.title });
    button.addEventListener('click', () => {
      sort = { column: index, up: sort.column === index ? !sort.up : column.text === true };
      mark();
      draw();
    });
    return element('th', { scope: 'col', class: column.text ? 'text' : '' }, button);
  });
  document.querySelector('#methods thead tr').replaceChildren(...cells);
  mark();
}

function mark() {
  document.querySelectorAll('#methods thead th').forEach((cell, index) => {
    if (index === sort.column) cell.setAttribute('aria-sort', sort.up ? 'ascending' : 'descending');
    else cell.removeAttribute('aria-sort');
  });
}

function rowOf(method) {
  let known = rows.get(method.id);
  if (known) return known;

  const open = element('button', { type: 'button', class: 'link', text: brief(method.name), title: method.name });
  open.addEventListener('click', () => showDetails(rows.get(method.id).method, latest.readOnly));
  const name = element('th', { scope: 'row' }, open, element('small', { text: method.options }));
  const cells = columns.slice(1).map(() => element('td'));
  known = { line: element('tr', {}, name, ...cells), cells };
  rows.set(method.id, known);
  return known;
}

function update(method) {
  const row = rowOf(method);
  row.method = method;
  columns.slice(1).forEach((column, index) => {
    const cell = row.cells[index];
    if (index === 0) {
      const ratio = element('span', { class: 'ratio' }, plot(method, latest), element('b', { text: percent(method.hitRatio) }));
      cell.replaceChildren(ratio);
      return;
    }

    fill(cell, column.show(column.of(method), method));
    cell.className = column.kind && column.of(method) > 0 ? column.kind : '';
    if (column.reasons) cell.title = listed(method[column.reasons]);
  });
  return row.line;
}

function draw() {
  if (!latest) return;
  const words = find('search').value.toLowerCase().split(/\s+/).filter(word => word);
  const { of } = columns[sort.column];
  const shown = latest.methods
    .filter(method => words.every(word => method.name.toLowerCase().includes(word)))
    .sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a.id - b.id) * (sort.up ? 1 : -1));
  const lines = shown.map(update);
  const body = document.querySelector('#methods tbody');
  // Lines that stay where they are keep focus and selection.
  if (lines.length !== body.children.length || lines.some((line, index) => body.children[index] !== line)) {
    const focused = document.activeElement;
    body.replaceChildren(...lines);
    if (focused !== document.activeElement && body.contains(focused)) focused.focus();
  }

  find('none').hidden = shown.length > 0;
  fill(find('none'), latest.methods.length ? 'No method has such a name.' : 'No cached method has been called yet.');
  totals();
}

function totals() {
  const sum = of => latest.methods.reduce((all, method) => all + (of(method) ?? 0), 0);
  const hits = sum(method => method.hits), calls = hits + sum(method => method.misses);
  const facts = [
    ['Hit ratio', percent(calls ? hits / calls : null)], ['Hits', number(hits)], ['Loads', number(sum(method => method.loads))],
    ['Time saved', seconds(sum(method => method.savedSeconds))], ['Entries', number(sum(method => method.entries))], ['Methods', number(latest.methods.length)],
  ];
  find('totals').replaceChildren(...facts.map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', { text: value }))));
}

async function refresh() {
  try {
    latest = await api('methods');
    draw();
    showTiers(latest.tiers);
    refreshDetails(latest.methods);
    fill(find('state'), latest.enabled ? 'Live' : 'Live; remembering is switched off');
  } catch (error) {
    fill(find('state'), `No answer: ${error.message}`);
  }
}

async function live() {
  if (!paused && !document.hidden) await refresh();
  setTimeout(live, 2000);
}

find('search').addEventListener('input', draw);
find('pause').addEventListener('click', () => {
  paused = !paused;
  find('pause').setAttribute('aria-pressed', String(paused));
  fill(find('state'), paused ? 'Paused' : 'Live');
});
document.addEventListener('keydown', event => {
  if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName) && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    find('search').focus();
  }
});
document.addEventListener('memoize-changed', refresh);
head();
live();
