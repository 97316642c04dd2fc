// Draws the content of /snapshot and /journal once a second, and sends the user's commands.
'use strict';

const find = (selector) => document.querySelector(selector);

/** Makes an element; texts are always texts, whatever a client has named its things. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

async function send(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const content = await response.json();
  if (!response.ok) throw new Error(content.error ?? `${path} responded with ${response.status}`);
  return content;
}

function say(error) {
  find('#error').hidden = error === '';
  find('#error').textContent = error;
}

/** Runs a command of the user, and shows the result. */
async function act(action) {
  try {
    await action();
    say('');
    await refresh();
  } catch (error) {
    say(error.message);
  }
}

const LOOKS = {
  ReadyRole: 'ready',
  CreatingVM: 'moving', StartingVM: 'moving', CreatingRole: 'moving', StartingRole: 'moving', BusyRole: 'moving',
  StoppingRole: 'leaving', StoppingVM: 'leaving', DeletingVM: 'leaving',
  RestartingRole: 'down', CyclingRole: 'down', FailedStartingRole: 'down', FailedStartingVM: 'down', UnresponsiveRole: 'down',
};

/** With more instances in an upgrade domain, they are drawn as dots. */
const DENSE = 14;

function drawInstance(instance) {
  const content = `${instance.name}: ${instance.status}, version ${instance.version} (${instance.label})`;
  return make('div', { class: 'instance', 'data-look': LOOKS[instance.status] ?? 'still', title: content },
    instance.name, make('small', {}, `${instance.status} · v${instance.version}`));
}

function drawDomain(instances, number, update) {
  const isCurrent = update && (update.mode === 'Simultaneous' || update.domain === number);
  const classes = ['domain', isCurrent ? 'current' : '', instances.length > DENSE ? 'dense' : ''];
  const state = isCurrent ? ` · ${update.state === 'During' ? 'in progress' : 'waiting'}` : '';
  return make('div', { class: classes.filter(Boolean).join(' ') },
    make('h4', {}, `domain ${number}${state}`), ...instances.map(drawInstance));
}

function drawDeployment(service, deployment) {
  const { update } = deployment;
  const badges = [make('span', { class: 'badge' }, deployment.status)];
  if (update) {
    const what = update.is_rollback ? 'rollback' : 'update';
    badges.push(make('span', { class: 'badge hot' },
      `${update.mode.toLowerCase()} ${what}, ${update.state.toLowerCase()} domain ${update.domain}`));
  }
  if (deployment.rollback_allowed) badges.push(make('span', { class: 'badge' }, 'rollback allowed'));
  if (deployment.locked_by) {
    badges.push(make('span', { class: 'badge hot', title: deployment.locked_by }, 'locked'));
  }
  const head = make('header', {},
    make('h3', {}, `${service.name} · ${deployment.slot.toLowerCase()} · ${deployment.name}`),
    make('span', { class: 'faint' }, `“${deployment.label}”`), ...badges);
  const domains = deployment.domains.map((instances, number) => drawDomain(instances, number, update));
  return make('section', { class: 'deployment' }, head, make('div', { class: 'board' }, ...domains));
}

function drawServices(board) {
  const drawn = board.services.flatMap((service) => service.deployments.length > 0
    ? service.deployments.map((deployment) => drawDeployment(service, deployment))
    : [make('section', {}, make('h3', {}, service.name), make('span', { class: 'faint' }, 'nothing is deployed'))]);
  if (drawn.length === 0) {
    drawn.push(make('section', {}, make('span', { class: 'faint' }, 'There is no cloud service yet.')));
  }
  find('#services').replaceChildren(...drawn);
}

function time(text) {
  return text.replace('T', ' ').replace('Z', '');
}

/** The object of an operation, without the subscription. */
function shortened(path) {
  return path.split('/').slice(2).join('/').replace(/^services\/(hostedservices\/)?/i, '');
}

function drawOperations(operations) {
  const rows = operations.map((operation) => make('tr', { class: operation.error ? 'bad' : '' },
    make('td', { class: 'code time' }, time(operation.started)),
    make('td', {}, operation.name),
    make('td', { class: 'code' }, shortened(operation.object)),
    make('td', { class: 'status' }, operation.error ? `${operation.status}: ${operation.error}` : operation.status),
    make('td', { class: 'code' }, operation.id)));
  find('#operations tbody').replaceChildren(...rows);
}

function span(seconds) {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

let drawn = '';

function drawBoard(board) {
  find('#now').textContent = time(board.now);
  const next = board.next_event_in_seconds;
  find('#next').textContent = next === null ? 'no scheduled event' : `next event in ${span(next)}`;
  const text = JSON.stringify([board.services, board.operations]);
  if (text === drawn) return;
  drawn = text;
  drawServices(board);
  drawOperations(board.operations);
}

/** The faults with a form; all others are given as JSON. */
const FAULTS = {
  'error response': {
    fields: { operation: 'Get Deployment', status: '503', code: 'ServerBusy', times: '1' },
    rule: ({ operation, status, code, times }) => ({
      when: { operations: [operation], times: Number(times) },
      effect: { respond: { status: Number(status), code } },
    }),
  },
  'disconnect after processing': {
    fields: { operation: 'Upgrade Deployment', times: '1' },
    rule: ({ operation, times }) => ({
      when: { operations: [operation], times: Number(times) },
      effect: { disconnect: { after_processing: true } },
    }),
  },
  'slow responses': {
    fields: { operation: 'Get Deployment', seconds: '30', times: '1' },
    rule: ({ operation, seconds, times }) => ({
      when: { operations: [operation], times: Number(times) },
      effect: { slow: { seconds: Number(seconds) } },
    }),
  },
  'operation fails after it was accepted': {
    fields: { operation: 'Upgrade Deployment', status: '500', code: 'InternalError', times: '1' },
    rule: ({ operation, status, code, times }) => ({
      when: { operations: [operation], times: Number(times) },
      effect: { fail_async: { status: Number(status), code } },
    }),
  },
  'instance never starts': {
    fields: { instance: 'WebRole_IN_1' },
    rule: ({ instance }) => ({ when: { instance }, effect: 'never_starts' }),
  },
  'instance flaps': {
    fields: { instance: 'WebRole_IN_1', ready: '60', down: '20' },
    rule: ({ instance, ready, down }) => ({
      when: { instance },
      effect: { flaps: { ready_seconds: Number(ready), down_seconds: Number(down) } },
    }),
  },
  'update is stuck in a domain': {
    fields: { domain: '1' },
    rule: ({ domain }) => ({ effect: { stuck_domain: { domain: Number(domain) } } }),
  },
  'clock skew': {
    fields: { seconds: '-300' },
    rule: ({ seconds }) => ({ effect: { clock_skew: { seconds: Number(seconds) } } }),
  },
  'rule in JSON': {
    fields: { json: '{ "when": { "every": 3 }, "effect": { "disconnect": {} } }' },
    rule: ({ json }) => JSON.parse(json),
  },
};

function drawFields() {
  const { fields } = FAULTS[find('#fault select').value];
  const drawn = Object.entries(fields).map(([name, value]) => {
    const input = make('input', { name, value, required: '', size: Math.max(6, value.length) });
    if (name === 'operation') input.setAttribute('list', 'operation-names');
    return make('label', {}, `${name} `, input);
  });
  find('#fault-fields').replaceChildren(...drawn);
}

async function inject(event) {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const taken = new Set((await send('GET', '/faults')).map((fault) => fault.rule.id));
  let number = 1;
  while (taken.has(`page-${number}`)) number += 1;
  await act(async () => drawFaults(await send('POST', '/faults', { id: `page-${number}`, ...FAULTS[values.kind].rule(values) })));
}

function drawFaults(faults) {
  const drawn = faults.map(({ rule, taken }) => make('li', {},
    make('code', {}, JSON.stringify({ when: rule.when, effect: rule.effect })),
    ` ${rule.id}, took effect ${taken}× `,
    make('button', {
      type: 'button',
      onclick: () => act(async () => drawFaults(await send('DELETE', `/faults/${encodeURIComponent(rule.id)}`))),
    }, 'take back')));
  find('#faults ul').replaceChildren(...drawn);
}

/** The latest entries of the journal, newest first; the maximal number is kept here. */
const ENTRIES = 200;
let journal = [];
let last = 0;

function drawEntry(entry) {
  const response = entry.status === null ? 'disconnected' : `${entry.status} ${entry.code ?? ''}`;
  const decided = [...entry.faults.map((id) => `fault ${id}`), entry.message, ...entry.diagnostics].filter(Boolean);
  return make('tr', { class: entry.status === null || entry.status >= 400 ? 'bad' : '' },
    make('td', {}, String(entry.number)),
    make('td', { class: 'code time' }, time(entry.time ?? '')),
    make('td', { class: 'code' }, `${entry.method} ${shortened(entry.path)}`),
    make('td', {}, entry.operation ?? '–'),
    make('td', {}, response),
    make('td', {}, decided.join('; ')));
}

function drawJournal() {
  const wanted = find('#journal input').value.toLowerCase();
  const shown = journal.filter((entry) => JSON.stringify(entry).toLowerCase().includes(wanted));
  find('#journal tbody').replaceChildren(...shown.map(drawEntry));
}

async function refresh() {
  drawBoard(await send('GET', '/snapshot'));
  const news = await send('GET', `/journal?after=${last}`);
  if (news.last < last) {
    // The emulator was restarted.
    last = 0;
    journal = [];
  } else if (news.entries.length > 0) {
    last = news.last;
    journal = [...news.entries.reverse(), ...journal].slice(0, ENTRIES);
    drawJournal();
  }
  if (document.activeElement?.closest('#faults ul') === null) drawFaults(await send('GET', '/faults'));
}

async function start() {
  const health = await send('GET', '/health');
  const speed = health.speed === 0 ? 'time is stepped by hand' : `time runs ${health.speed}×`;
  find('#facts').textContent = `${health.endpoint} · subscription ${health.subscription} · ${speed}`;
  for (const button of document.querySelectorAll('[data-step]')) {
    button.addEventListener('click', () => act(() => send('POST', '/step', { seconds: Number(button.dataset.step) })));
  }
  const names = (await send('GET', '/operations')).map((value) => make('option', { value }));
  document.body.append(make('datalist', { id: 'operation-names' }, ...names));
  find('#fault select').append(...Object.keys(FAULTS).map((kind) => make('option', {}, kind)));
  find('#fault select').addEventListener('change', drawFields);
  find('#fault').addEventListener('submit', inject);
  find('#journal input').addEventListener('input', drawJournal);
  drawFields();
  find('#next-event').addEventListener('click', () => act(() => send('POST', '/step', { until: 'next_event' })));
}

/** Polls; a failure is shown until the emulator responds again. */
async function follow() {
  try {
    await refresh();
    if (find('#error').dataset.lost) {
      delete find('#error').dataset.lost;
      say('');
    }
  } catch (error) {
    find('#error').dataset.lost = 'yes';
    say(`The emulator does not respond: ${error.message}`);
  }
  setTimeout(follow, 1000);
}

start().catch((error) => say(error.message)).then(follow);
