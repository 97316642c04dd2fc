'use strict';

// Numbered steps that print one line each, and what went over the wire when one fails.

const assert = require('node:assert/strict');
const { setTimeout: sleep } = require('node:timers/promises');

const SHOWN_EXCHANGES = 3;
const SHOWN_CHARACTERS = 2000;
const SECONDS_FOR_A_STEP = 60;

/** A step failed, and the run is not to go on. */
class Failed extends Error {}

class Steps {
  constructor(keepGoing) {
    this.passed = 0;
    this.failed = 0;
    this._keepGoing = keepGoing;
    this._exchanges = [];
    this.step = this.step.bind(this);
    this.record = this.record.bind(this);
  }

  async step(title, run) {
    const number = String(this.passed + this.failed + 1).padStart(2);
    this._exchanges = [];
    try {
      await withTimeout(run());
    } catch (error) {
      this.failed += 1;
      console.log(`node    step ${number}  ${title} … FAILED`);
      console.log(scenarioStack(error));
      this._exchanges.slice(-SHOWN_EXCHANGES).forEach((exchange) => console.log(exchange));
      if (!this._keepGoing) {
        throw new Failed();
      }
      return;
    }
    this.passed += 1;
    console.log(`node    step ${number}  ${title} … ok`);
  }

  /** A filter of the clients: notes the request and its answer. */
  record(request, next, callback) {
    const line = `> ${request.method} ${request.url}\n${truncated(request.body)}\n`;
    return next(request, (error, response, body) => {
      const reply = error ? error : `${response.statusCode}\n${truncated(body)}`;
      this._exchanges.push(`${line}< ${reply}`);
      callback(error, response, body);
    });
  }
}

/** The clients themselves wait without end for an answer. */
function withTimeout(work) {
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Error(`after ${SECONDS_FOR_A_STEP} s it was still not done`);
    timer = setTimeout(() => reject(error), SECONDS_FOR_A_STEP * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The error with the places in the scenario; what lies in the clients tells little. */
function scenarioStack(error) {
  const isElsewhere = (line) => /^ +at /.test(line) && !line.includes(__dirname);
  const lines = error.stack.split('\n').filter((line) => !isElsewhere(line));
  return lines.join('\n');
}

function truncated(body) {
  const text = body === undefined ? '' : String(body);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} …`;
}

/** Calls a method of the clients, which take callbacks. */
function call(operations, method, ...given) {
  return new Promise((resolve, reject) => {
    const done = (error, result) => (error ? reject(error) : resolve(result));
    // Where a POST has no body, the client waits until its caller has written one.
    operations[method](...given, done)?.end();
  });
}

/** The call is refused with this status, and with this code where one is given. */
async function rejected(status, code, calling) {
  const error = await calling.then(
    () => assert.fail(`it was taken, and ${status} was expected`),
    (error) => error,
  );
  if (error.statusCode === undefined) {
    throw error;
  }
  assert.equal(error.statusCode, status);
  if (code) {
    assert.equal(error.code, code);
  }
  return error;
}

/** Reads until the condition holds, and returns what was read last. */
async function until(condition, read, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (condition(value)) {
      return value;
    }
    assert(Date.now() < deadline, `after ${seconds} s it was still not so`);
    await sleep(20);
  }
}

module.exports = { Failed, Steps, call, rejected, until };
