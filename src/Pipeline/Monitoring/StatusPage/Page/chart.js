// A chart of the last minutes: stacked areas, a legend with figures, a cursor for pointer and keyboard, and the same as a table.

import { drawing, element } from './dom.js';
import { clock, minute } from './format.js';

const bottom = 22;
const top = 10;
const right = 1;

export class Chart {
  #host;
  #options;
  #plot;
  #svg;
  #legend;
  #when;
  #details;
  #table;
  #data = null;
  #cursor = null;
  #frame = null;

  /** options: label, format(value), stacked. */
  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    this.#svg = drawing('svg', { 'aria-hidden': 'true', focusable: 'false' });
    this.#plot = element('div', { class: 'plot', tabindex: '0', role: 'slider', 'aria-label': `${options.label}: move through time with the arrow keys`, 'aria-valuemin': '0' }, this.#svg);
    this.#when = element('span', { class: 'when' });
    this.#legend = element('ul', { class: 'legend' });
    this.#table = element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${options.label}, by minute` });
    this.#details = element('details', {}, element('summary', {}, 'As a table'), this.#table);
    host.append(element('div', { class: 'reading' }, this.#when, this.#legend), this.#plot, this.#details);

    this.#plot.addEventListener('pointermove', event => this.#point(event));
    this.#plot.addEventListener('pointerdown', event => this.#point(event));
    this.#plot.addEventListener('pointerleave', () => this.#move(null));
    this.#plot.addEventListener('blur', () => this.#move(null));
    this.#plot.addEventListener('focus', () => this.#announce());
    this.#plot.addEventListener('keydown', event => this.#key(event));
    this.#details.addEventListener('toggle', () => this.#tabulate());
    new ResizeObserver(() => this.#draw()).observe(this.#plot);
  }

  /** data: start and step in ms, series [{ name, kind, points, now }], max (or undefined), marks [{ value, text }]. */
  update(data) {
    // The cursor stays at its moment while time goes on.
    if (this.#cursor !== null && this.#data) {
      this.#cursor -= Math.round((data.start - this.#data.start) / data.step);
      if (this.#cursor < 0) this.#cursor = null;
    }

    const moved = !this.#data || data.start !== this.#data.start;
    this.#data = data;
    this.#draw();
    if (moved) this.#tabulate();
  }

  get #count() {
    return this.#data.series[0].points.length;
  }

  #timeAt(index) {
    return this.#data.start + index * this.#data.step;
  }

  #draw() {
    const [width, height] = [this.#plot.clientWidth, this.#plot.clientHeight];
    if (!this.#data || width === 0) return;
    const { series, marks = [] } = this.#data;
    const layers = stack(series, this.#options.stacked);
    const scale = ticks(this.#data.max ?? Math.max(1, ...layers.at(-1).upper.filter(v => v !== null)), this.#data.max);
    const labels = scale.values.map(this.#options.format);
    const left = Math.max(...labels.map(l => l.length)) * 8 + 10;
    const x = index => left + (index + 0.5) / this.#count * (width - left - right);
    const y = value => height - bottom - value / scale.max * (height - bottom - top);
    this.#frame = { left, width };

    const nodes = [];
    scale.values.forEach((value, i) => {
      nodes.push(drawing('line', { class: value === 0 ? 'base' : 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }));
      nodes.push(drawing('text', { class: 'tick', x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, labels[i]));
    });

    const [first, last] = [this.#timeAt(0), this.#timeAt(this.#count)];
    for (let time = Math.ceil(first / 300000) * 300000; time < last; time += 300000) {
      const at = left + (time - first) / (last - first) * (width - left - right);
      nodes.push(drawing('line', { class: 'grid', x1: at, x2: at, y1: height - bottom, y2: height - bottom + 4 }));
      if (at > left + 16 && at < width - 18) nodes.push(drawing('text', { class: 'tick', x: at, y: height - 4, 'text-anchor': 'middle' }, minute(time)));
    }

    const half = x(1) - x(0.5);
    for (const layer of layers.toReversed()) {
      nodes.push(drawing('path', { class: `area ${layer.kind}`, d: area(layer.upper, x, y, half) }));
      if (!this.#options.stacked) nodes.push(drawing('path', { class: `edge ${layer.kind}`, d: edge(layer.upper, x, y, half) }));
    }

    for (const mark of marks) {
      nodes.push(drawing('line', { class: 'mark', x1: left, x2: width - right, y1: y(mark.value), y2: y(mark.value) }));
      nodes.push(drawing('text', { class: 'mark-text', x: width - 6, y: y(mark.value) + (mark.below ? 14 : -5), 'text-anchor': 'end' }, mark.text));
    }

    if (this.#cursor !== null) nodes.push(drawing('line', { class: 'cursor', x1: x(this.#cursor), x2: x(this.#cursor), y1: top, y2: height - bottom }));
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(...nodes);
    this.#read();
  }

  /** The legend says what is at the cursor, or what is now. */
  #read() {
    const { series } = this.#data;
    const value = s => this.#cursor === null ? s.now : s.points[this.#cursor];
    const text = v => v === null || v === undefined ? '–' : this.#options.format(v);
    this.#when.textContent = this.#cursor === null ? 'Now' : clock(this.#timeAt(this.#cursor));
    this.#legend.replaceChildren(...series.map(s => element('li', {},
      element('span', { class: `swatch ${s.kind}` }), element('span', { class: 'name' }, s.name), ' ', element('b', {}, text(value(s))))));
    this.#plot.setAttribute('aria-valuemax', this.#count - 1);
    if (!this.#plot.hasAttribute('aria-valuetext')) this.#announce();
  }

  #announce() {
    if (!this.#data) return;
    this.#plot.setAttribute('aria-valuenow', this.#cursor ?? this.#count - 1);
    this.#plot.setAttribute('aria-valuetext', `${this.#when.textContent}: ${[...this.#legend.children].map(li => li.textContent).join(', ')}`);
  }

  #point(event) {
    if (!this.#frame) return;
    const share = (event.clientX - this.#plot.getBoundingClientRect().left - this.#frame.left) / (this.#frame.width - this.#frame.left - right);
    this.#move(share < 0 || share >= 1 ? null : Math.floor(share * this.#count));
  }

  #key(event) {
    if (!this.#data) return;
    const last = this.#count - 1;
    const at = this.#cursor ?? last;
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 12, PageUp: at + 12, Home: 0, End: last, Escape: null }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#move(to === null ? null : Math.min(last, Math.max(0, to)));
    this.#announce();
  }

  #move(cursor) {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.#draw();
  }

  #tabulate() {
    if (!this.#details.open || !this.#data) return;
    const { series, step } = this.#data;
    const rows = [];
    for (let from = 0; from < this.#count;) {
      const name = minute(this.#timeAt(from));
      let to = from;
      while (to < this.#count && minute(this.#timeAt(to)) === name) to++;
      const cells = series.map(s => {
        const seen = s.points.slice(from, to).filter(v => v !== null);
        if (seen.length === 0) return '–';
        return this.#options.format(this.#options.stacked ? seen.reduce((a, b) => a + b) / seen.length : seen.at(-1));
      });
      if (to - from >= 30000 / step) rows.unshift(element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map(c => element('td', { class: 'number' }, c))));
      from = to;
    }

    this.#table.replaceChildren(element('table', {},
      element('caption', { class: 'quiet' }, `${this.#options.label}, by minute, the newest first`),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Minute'), ...series.map(s => element('th', { scope: 'col', class: 'number' }, s.name)))),
      element('tbody', {}, ...rows)));
  }
}

/** Each layer's upper edge: the sum of it and those below. */
function stack(series, stacked) {
  let below = null;
  return series.map(s => {
    const upper = s.points.map((v, i) => v === null ? null : v + (stacked && below ? below[i] ?? 0 : 0));
    below = upper;
    return { kind: s.kind, upper };
  });
}

/** One closed shape for each run of points that were seen. */
const area = (points, x, y, half) => runs(points)
  .map(([from, to]) => `M${line(points, from, to, x, y, half)}V${round(y(0))}H${round(x(from) - half)}Z`).join('');

/** The same runs as lines. */
const edge = (points, x, y, half) => runs(points).map(([from, to]) => `M${line(points, from, to, x, y, half)}`).join('');

/** A point stands for a span: the first and the last of a run reach to its ends. */
function line(points, from, to, x, y, half) {
  const seen = points.slice(from, to + 1).map((value, i) => `L${round(x(from + i))} ${round(y(value))}`).join('');
  return `${round(x(from) - half)} ${round(y(points[from]))}${seen}H${round(x(to) + half)}`;
}

function runs(points) {
  const found = [];
  for (let i = 0; i < points.length; i++) {
    if (points[i] === null) continue;
    if (i > 0 && points[i - 1] !== null) found.at(-1)[1] = i;
    else found.push([i, i]);
  }

  return found;
}

const round = value => value.toFixed(1);

/** A few round values from 0 up. */
function ticks(highest, fixed) {
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = fixed ? fixed / 4 : Math.max(1, [1, 2, 2.5, 5, 10].find(f => f * power >= rough && (f !== 2.5 || power > 1)) * power);
  const max = fixed ?? Math.ceil(highest / step) * step;
  return { max, values: Array.from({ length: Math.round(max / step) + 1 }, (_, i) => i * step) };
}
