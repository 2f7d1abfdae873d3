// What the parts of the page share. Whatever comes from the server becomes text, never markup.
const root = document.documentElement.dataset.root;

export async function api(path, body) {
  const response = await fetch(`${root}/api/${path}`, body === undefined
    ? { cache: 'no-store' }
    : { method: 'POST', headers: { 'X-Memoize': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the server says ${response.status}`);
  return response.json();
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'text') made.textContent = value;
    else if (value !== '') made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function fill(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
export const number = value => value < 100000 ? whole.format(value) : short.format(value);
export const percent = value => value == null ? '–' : value > 0.999 && value < 1 ? '99.9%' : `${(value * 100).toFixed(1)}%`;

// A method's name with its parameters' types as they are written in code, without their namespaces.
export const brief = name => name.replace(/\(.*\)$/, parameters => parameters.replace(/(?:\w+\.)+(?=\w)/g, ''));

// Reasons have a name and a count.
export const total = reasons => reasons.reduce((sum, one) => sum + one.count, 0);
export const listed = reasons => reasons.map(one => `${one.name}: ${number(one.count)}`).join('\n');

export function seconds(value) {
  if (value == null) return '–';
  if (value === 0) return '0 s';
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} ms`;
  if (value < 120) return `${value.toFixed(1)} s`;
  if (value < 7200) return `${(value / 60).toFixed(0)} min`;
  if (value < 172800) return `${(value / 3600).toFixed(1)} h`;
  return `${(value / 86400).toFixed(1)} d`;
}
