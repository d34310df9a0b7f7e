// Shows what the program says about itself. Each message is the whole picture, so nothing is kept here from one to the next.

import { Chart } from './chart.js';
import { listen } from './connection.js';
import { element, say } from './dom.js';
import { bytes, clock, day, duration, moment, number, percent, plural, rate, short } from './format.js';

// Bottom to top: the steadiest and largest first.
const order = ['like', 'follow', 'post', 'repost', 'block', 'rejected'];

const throughput = new Chart(document.getElementById('throughput'), { label: 'Events per second by type', format: rate, stacked: true });
const waiting = new Chart(document.getElementById('buffer'), { label: 'Events not in the lake yet', format: number });
let limited = true;
const memory = new Chart(document.getElementById('memory'), { label: 'Redis memory', format: value => limited ? percent(value) : bytes(value) });
const shown = { windows: '', files: '', problems: '' };
let last = null;

listen('/status/feed', {
  received(document) {
    last = document.now;
    show(document);
  },
  lost() {
    const since = last ? ` The figures are those of ${clock(Date.parse(last.time))} UTC.` : '';
    state('lost', 'Connection lost');
    const notice = document.getElementById('lost');
    notice.hidden = false;
    say('lost', `Connection lost. Trying again by itself.${since}`);
  },
});

function show({ program, now, chart }) {
  const time = Date.parse(now.time);
  document.getElementById('lost').hidden = true;
  say('source', program.source);
  say('log', program.log);
  say('lake', program.lake);
  say('clock', clock(time));
  verdict(now, chart, time);
  figures(program, now, chart, time);
  charts(program, now, chart);
  say('next', next(now.writer, time));
  windows(now.writer.runs, time);
  files(now.writer.newest, time);
  say('about', `pipeline ${program.version}, running for ${duration((time - Date.parse(program.started)) / 1000)}, windows of ${duration(program.window_seconds)}. Times are in UTC.`);
}

function state(name, title) {
  document.body.dataset.state = name;
  document.title = `${title} · Pipeline`;
}

function verdict({ problems, source, writer }, chart, time) {
  const title = problems.length === 0 ? 'All is well' : plural(problems.length, 'problem');
  state(problems.length === 0 ? 'well' : 'trouble', title);
  say('verdict', title);
  const flow = source.ended ? 'The source has ended' : source.paused ? 'Reading is paused' : `${number(sum(chart.now))} events per second are coming in`;
  const lake = writer.complete_to === null ? 'no window has been written yet' : `the lake is complete to ${moment(Date.parse(writer.complete_to), time)}`;
  say('summary', `${flow}; ${lake}.`);
  if (!changed('problems', problems)) return;
  const list = document.getElementById('problem-list');
  list.hidden = problems.length === 0;
  list.replaceChildren(...problems.map(p => element('li', {},
    element('span', { class: 'part' }, p.part), element('p', {}, p.text), element('p', { class: 'muted' }, p.advice))));
}

function figures(program, { source, buffer, writer }, chart, time) {
  say('rate', rate(sum(chart.now)));
  say('rate-note', `${short(source.received)} received`);

  const at = source.position === null ? null : Date.parse(source.position);
  const behind = Math.max(0, (time - at) / 1000);
  say('lag-name', source.follows_clock ? 'Behind the source' : 'Source is at');
  say('lag', source.ended ? 'Its end' : at === null ? '–' : !source.follows_clock ? clock(at) : behind < 9.95 ? `${behind.toFixed(1)} s` : duration(behind));
  say('lag-note', at === null ? 'no event yet' : !source.connected && !source.ended ? 'not connected' : source.follows_clock ? `at ${moment(at, time)}` : day(at));

  const known = buffer !== null && buffer.up;
  say('waiting', buffer === null ? '–' : short(buffer.events));
  say('waiting-note', !known ? 'Redis does not answer' : buffer.oldest === null ? 'nothing waits' : source.follows_clock
    ? `the oldest for ${duration((time - Date.parse(buffer.oldest)) / 1000)}` : `from ${moment(Date.parse(buffer.oldest), at ?? time)}`);

  say('pressure', source.paused ? 'On' : 'Off');
  document.getElementById('pressure').classList.toggle('alarm', source.paused);
  say('pressure-note', buffer === null ? 'Redis does not answer' : buffer.memory_max === 0 ? 'Redis has no limit' : source.paused
    ? `goes on below ${percent(buffer.low_water)} of Redis` : `pauses at ${percent(buffer.high_water)} of Redis`);

  say('rows', short(writer.rows));
  say('rows-note', writer.lost > 0 ? `${plural(writer.lost, 'event')} lost` : `${plural(writer.files, 'file')}, ${bytes(writer.bytes)}`);
  document.getElementById('rows-note').classList.toggle('alarm', writer.lost > 0);
}

function charts(program, { buffer }, chart) {
  const time = { start: Date.parse(chart.start), step: chart.step_seconds * 1000 };
  const types = program.types.map((name, i) => ({ name, kind: name, points: chart.rates[i], now: chart.now[i] }));
  throughput.update({ ...time, series: types.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)) });
  waiting.update({ ...time, series: [{ name: 'events', kind: 'waiting', points: chart.waiting, now: buffer?.events }] });

  limited = buffer !== null && buffer.memory_max > 0;
  const share = value => limited && value !== null && value !== undefined ? value / buffer.memory_max : value;
  say('memory-note', limited ? `Share of its limit of ${bytes(buffer.memory_max)}, over 15 minutes` : 'It has no limit; over 15 minutes');
  memory.update({
    ...time,
    max: limited ? 1 : undefined,
    series: [{ name: 'used', kind: 'memory', points: chart.memory.map(share), now: share(buffer?.memory_used) }],
    marks: limited ? [{ value: buffer.high_water, text: 'reading pauses' }, { value: buffer.low_water, text: 'goes on', below: true }] : [],
  });
}

function next({ next, paused }, time) {
  if (paused !== null) return `The schedule is paused since ${moment(Date.parse(paused), time)}`;
  return next === null ? 'No run is due' : `The next run is due at ${moment(Date.parse(next), time)}`;
}

function windows(runs, time) {
  if (runs.length === 0 || !changed('windows', runs)) return;
  document.getElementById('windows').replaceChildren(...runs.flatMap(run => {
    const start = run.start === null ? null : Date.parse(run.start);
    const when = start === null
      ? [element('span', { class: 'muted' }, moment(Date.parse(run.ended), time))]
      : [moment(start, time), element('span', { class: 'wide muted' }, ` to ${clock(Date.parse(run.end))}`)];
    const figure = (text, wide) => element('td', { class: wide ? 'number wide' : 'number' }, start === null ? '–' : text);
    const row = element('tr', run.text === null ? {} : { class: 'explained' },
      element('td', {}, ...when),
      element('td', {}, element('span', { class: `outcome ${run.outcome}` }, run.outcome.replace('_', ' ') + (run.times > 1 ? ` ${run.times}×` : ''))),
      figure(number(run.rows)), figure(number(run.files), true), figure(bytes(run.bytes), true), element('td', { class: 'number' }, duration(run.seconds)));
    return run.text === null ? [row] : [row, element('tr', { class: 'why' }, element('td', { colspan: '6' }, run.text))];
  }));
}

function files(newest, time) {
  if (newest.length === 0 || !changed('files', newest)) return;
  document.getElementById('files').replaceChildren(...newest.map(file => {
    const cut = file.path.lastIndexOf('/') + 1;
    return element('tr', {},
      element('td', { class: 'path' }, element('span', { class: 'muted' }, file.path.slice(0, cut)), element('span', {}, file.path.slice(cut))),
      element('td', { class: 'number' }, number(file.rows)),
      element('td', { class: 'number wide' }, bytes(file.bytes)),
      element('td', { class: 'number wide' }, moment(Date.parse(file.written), time)));
  }));
}

const sum = values => values.reduce((a, b) => a + b, 0);

/** True when it differs from what is on the page. */
function changed(what, value) {
  const text = JSON.stringify(value);
  if (shown[what] === text) return false;
  shown[what] = text;
  return true;
}
