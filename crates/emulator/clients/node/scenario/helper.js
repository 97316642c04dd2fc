'use strict';

// The helper itself: what it says when there is nothing to run, or nothing that lives.

const assert = require('node:assert/strict');

const { start } = require('../azure-classic-emulator');

async function run(step, { emulator }) {
  await step('a program that is not there is named', () =>
    assert.rejects(start({ program: 'no-such-program' }), /no-such-program/),
  );

  await step('what a program said before it ended is told', async () => {
    // Node.js knows no file `emulator`, and says so.
    await assert.rejects(start({ program: process.execPath }), /status 1:[^]*emulator/);
    await assert.rejects(start({ arguments: ['--no-such-flag'] }), /status 2:[^]*--no-such-flag/);
  });

  await step('a second emulator has an address and certificates of its own', async () => {
    const other = await start();
    assert.notEqual(other.endpoint, emulator.endpoint);
    assert.notEqual(other.certificateAuthority, emulator.certificateAuthority);
    await other.stop();
  });
}

module.exports = { run };
