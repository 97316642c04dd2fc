'use strict';

/**
 * Runs the emulator of the Azure Service Management (classic) API for a test.
 *
 *     const emulator = await start();
 *     // emulator.endpoint, .subscription, .certificateAuthority, .managementCertificate
 *     await emulator.stop();
 *
 * One file without dependencies, for Node.js 16 or newer: copy it into your project.
 * Licensed as the emulator is: MIT or Apache-2.0, at your choice.
 */

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const PROGRAM = 'azure-classic';
const PROGRAM_VARIABLE = 'AZURE_CLASSIC_PROGRAM';
const ANNOUNCEMENT = 'emulator.json';

/**
 * Starts an emulator and waits until it answers.
 *
 * @param {object}   [options]
 * @param {string}   [options.program]   The file `azure-classic`; otherwise the environment's
 *   AZURE_CLASSIC_PROGRAM, otherwise what PATH has under this name.
 * @param {string}   [options.directory] Where its files go; otherwise a temporary directory that
 *   `stop` removes.
 * @param {number}   [options.speed]     How many times faster than the wall clock its time runs.
 * @param {string[]} [options.arguments] More of `azure-classic emulator --help`.
 * @param {number}   [options.timeout]   Milliseconds to wait until it answers.
 * @returns {Promise<Emulator>}
 */
async function start(options = {}) {
  const program = findProgram(options.program);
  const isTemporary = options.directory === undefined;
  const directory = isTemporary
    ? fs.mkdtempSync(path.join(os.tmpdir(), 'azure-classic-emulator-'))
    : path.resolve(options.directory);
  // An announcement that a killed emulator left behind says nothing about this one.
  fs.rmSync(path.join(directory, ANNOUNCEMENT), { force: true });
  const speed = String(options.speed ?? 1);
  const given = ['emulator', '--dir', directory, '--speed', speed, ...(options.arguments ?? [])];
  const emulator = new Emulator(run(program, given), directory, isTemporary);
  try {
    await emulator._ready(options.timeout ?? 30_000);
  } catch (error) {
    await emulator._cleanUp();
    throw error;
  }
  return emulator;
}

/** A running emulator, until `stop`. */
class Emulator {
  constructor(running, directory, isTemporary) {
    this._running = running;
    this._isTemporary = isTemporary;
    this.directory = directory;
  }

  /** Ends it and removes a temporary directory; an error if it had ended by itself before. */
  async stop() {
    const { ended } = this._running;
    await this._cleanUp();
    if (ended) {
      throw new Error(`the emulator ${ended}${this._stderrSuffix()}`);
    }
  }

  /** Variables with which programs of several kinds find the emulator and trust it. */
  environment() {
    return {
      AZURE_CLASSIC_EMULATOR: this.directory,
      AZURE_MANAGEMENT_CERTFILE: this.managementCertificate,
      AZURE_MANAGEMENT_SUBSCRIPTIONID: this.subscription,
      NODE_EXTRA_CA_CERTS: this.certificateAuthority,
      REQUESTS_CA_BUNDLE: this.certificateAuthority,
    };
  }

  async _ready(timeout) {
    const announcement = path.join(this.directory, ANNOUNCEMENT);
    const deadline = Date.now() + timeout;
    while (!fs.existsSync(announcement)) {
      if (this._running.ended) {
        throw new Error(`the emulator did not start: it ${this._running.ended}${this._stderrSuffix()}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`the emulator did not answer within ${timeout} ms${this._stderrSuffix()}`);
      }
      await sleep(10);
    }
    // It is written in one piece, so what is there is whole.
    const announced = JSON.parse(fs.readFileSync(announcement, 'utf8'));
    /** `https://127.0.0.1:port`. */
    this.endpoint = announced.endpoint;
    /** The admin page and its JSON: `http://127.0.0.1:port`. */
    this.admin = announced.admin;
    /** Id of the one subscription. */
    this.subscription = announced.subscription;
    /** PEM file of the authority that a client must trust. */
    this.certificateAuthority = announced.certificate_authority;
    /** PEM file with the certificate and the key that a client presents. */
    this.managementCertificate = announced.management_certificate;
    /** The same as PKCS#12, with the empty password. */
    this.managementPfx = announced.management_pfx;
    /** What the portal gave out: address, subscription and certificate in one file. */
    this.publishSettings = announced.publish_settings;
  }

  _stderrSuffix() {
    const text = this._running.stderr.trim();
    return text ? `:\n${text}` : ', without output';
  }

  async _cleanUp() {
    const { child, gone } = this._running;
    child.kill('SIGTERM');
    const killTimer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(killTimer);
    if (this._isTemporary) {
      fs.rmSync(this.directory, { recursive: true, force: true });
    }
  }
}

function run(program, given) {
  const child = spawn(program, given, { stdio: ['ignore', 'ignore', 'pipe'] });
  const running = { child, stderr: '', ended: undefined };
  child.stderr.on('data', (chunk) => (running.stderr += chunk));
  const kill = () => child.kill();
  process.once('exit', kill);
  running.gone = new Promise((resolve) => {
    const end = (how) => {
      running.ended ??= how;
      process.removeListener('exit', kill);
      resolve();
    };
    child.once('error', (error) => end(`cannot be run (${error.message})`));
    child.once('close', (status, signal) =>
      end(`ended by itself with ${signal ?? `status ${status}`}`),
    );
  });
  return running;
}

function findProgram(program) {
  const named = program ?? process.env[PROGRAM_VARIABLE];
  if (named) {
    if (fs.existsSync(named)) {
      return path.resolve(named);
    }
    const origin = program ? 'the argument' : PROGRAM_VARIABLE;
    throw new Error(`${named}, which ${origin} names, is not there`);
  }
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, PROGRAM + ending);
      if (folder && fs.existsSync(file)) {
        return file;
      }
    }
  }
  throw new Error(
    `the program ${PROGRAM} is not in PATH; install it (cargo install azure-classic-cli), ` +
      `or name its file in ${PROGRAM_VARIABLE}`,
  );
}

module.exports = { start, Emulator };
