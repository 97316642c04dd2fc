// Draws what /board and /journal tell, once a second, and sends what a person asks for.
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

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? `${path} answered ${answer.status}`);
  return told;
}

function say(trouble) {
  find('#trouble').hidden = trouble === '';
  find('#trouble').textContent = trouble;
}

/** Does what a person asked for, and shows what came of it. */
async function act(deed) {
  try {
    await deed();
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

/** More than so many instances in an upgrade domain are drawn as dots. */
const DENSE = 14;

function drawInstance(instance) {
  const told = `${instance.name}: ${instance.status}, version ${instance.version} (${instance.label})`;
  return make('div', { class: 'instance', 'data-look': LOOKS[instance.status] ?? 'still', title: told },
    instance.name, make('small', {}, `${instance.status} · v${instance.version}`));
}

function drawDomain(instances, number, update) {
  const isCurrent = update && (update.mode === 'Simultaneous' || update.domain === number);
  const classes = ['domain', isCurrent ? 'current' : '', instances.length > DENSE ? 'dense' : ''];
  const state = isCurrent ? ` · ${update.state === 'During' ? 'in work' : 'waits'}` : '';
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

/** What an operation acts on, without the subscription. */
function shortened(path) {
  return path.split('/').slice(2).join('/').replace(/^services\/(hostedservices\/)?/i, '');
}

function drawOperations(operations) {
  const rows = operations.map((operation) => make('tr', { class: operation.error ? 'bad' : '' },
    make('td', { class: 'code' }, time(operation.began)),
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
  find('#next').textContent = next === null ? 'nothing is under way' : `something happens in ${span(next)}`;
  const text = JSON.stringify([board.services, board.operations]);
  if (text === drawn) return;
  drawn = text;
  drawServices(board);
  drawOperations(board.operations);
}

async function refresh() {
  drawBoard(await ask('GET', '/board'));
}

async function start() {
  const health = await ask('GET', '/health');
  const speed = health.speed === 0 ? 'time is stepped by hand' : `time runs ${health.speed}×`;
  find('#facts').textContent = `${health.endpoint} · subscription ${health.subscription} · ${speed}`;
  for (const button of document.querySelectorAll('[data-step]')) {
    button.addEventListener('click', () => act(() => ask('POST', '/step', { seconds: Number(button.dataset.step) })));
  }
  find('#next-event').addEventListener('click', () => act(() => ask('POST', '/step', { until: 'next_event' })));
}

/** Asks again and again; a failure shows until the emulator answers again. */
async function follow() {
  try {
    await refresh();
    if (find('#trouble').dataset.lost) {
      delete find('#trouble').dataset.lost;
      say('');
    }
  } catch (error) {
    find('#trouble').dataset.lost = 'yes';
    say(`The emulator does not answer: ${error.message}`);
  }
  setTimeout(follow, 1000);
}

start().catch((error) => say(error.message)).then(follow);
