// The history of a hit ratio as a small inline picture. Where there was no call there is a gap.
import { percent } from './tools.js';

const space = 'http://www.w3.org/2000/svg';
const width = 110, height = 28, edge = 2;

export function plot(method, { length, step }) {
  const picture = document.createElementNS(space, 'svg');
  picture.setAttribute('class', 'plot');
  picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
  picture.setAttribute('role', 'img');
  const known = method.history.filter(ratio => ratio != null);
  picture.setAttribute('aria-label', known.length
    ? `Hit ratio of the last ${Math.max(1, Math.round(method.history.length * step / 60))} minutes, from ${percent(Math.min(...known))} to ${percent(Math.max(...known))}`
    : 'No calls in the last minutes');

  const x = index => edge + (length - method.history.length + index) * (width - 2 * edge) / (length - 1);
  const y = ratio => height - edge - ratio * (height - 2 * edge);
  let line = '', area = '', run = [];
  const end = () => {
    if (run.length) {
      const points = run.map(([index, ratio]) => `${x(index).toFixed(1)} ${y(ratio).toFixed(1)}`);
      line += `M${points.join('L')}${run.length === 1 ? 'h.1' : ''}`;
      area += `M${x(run[0][0]).toFixed(1)} ${height}L${points.join('L')}V${height}Z`;
    }
    run = [];
  };
  method.history.forEach((ratio, index) => ratio == null ? end() : run.push([index, ratio]));
  end();
  picture.append(path(area, 'area'), path(line, 'line'));
  return picture;
}

function path(d, kind) {
  const made = document.createElementNS(space, 'path');
  made.setAttribute('d', d);
  made.setAttribute('class', kind);
  return made;
}
