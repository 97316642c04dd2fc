'use strict';

// Drives the emulator with azure-asm-compute and azure-asm-mgmt:
//     node --no-deprecation scenario [--keep-going] [PART…]

const fs = require('node:fs');

const compute = require('azure-asm-compute');
const management = require('azure-asm-mgmt');

const { start } = require('../azure-classic-emulator');
const { Failed, Steps } = require('./steps');

const PARTS = {
  helper: require('./helper'),
  service: require('./service'),
  compat: require('./compat'),
  deployment: require('./deployment'),
  updates: require('./updates'),
  certificates: require('./certificates'),
  extensions: require('./extensions'),
  subscription: require('./subscription'),
};

async function main(given) {
  const keepGoing = given.includes('--keep-going');
  const named = given.filter((each) => !each.startsWith('--'));
  const steps = new Steps(keepGoing);
  const emulator = await start({ speed: 20 });
  try {
    const clients = connectTo(emulator, steps.record);
    for (const part of named.length > 0 ? named : Object.keys(PARTS)) {
      await PARTS[part].run(steps.step, clients);
    }
  } catch (error) {
    if (!(error instanceof Failed)) {
      throw error;
    }
  } finally {
    await emulator.stop();
  }
  console.log(`node    ${steps.passed} passed, ${steps.failed} failed`);
  process.exitCode = steps.failed > 0 ? 1 : 0;
}

/** The two clients, and the way to others with another certificate or one more filter. */
function connectTo(emulator, record) {
  const ca = fs.readFileSync(emulator.certificateAuthority);
  const trust = (request, next, callback) => next(Object.assign(request, { ca }), callback);
  const connect = (pem = fs.readFileSync(emulator.managementCertificate), ...filters) => {
    const credentials = compute.createCertificateCloudCredentials({
      subscriptionId: emulator.subscription,
      pem: pem.toString(),
    });
    // A list of its own for each client, because each adds to it.
    const given = () => [credentials, emulator.endpoint, [trust, record, ...filters]];
    const clients = {
      compute: compute.createComputeManagementClient(...given()),
      management: management.createManagementClient(...given()),
    };
    // Seconds between polls, as fast as the emulator's clock; without them it is half a minute.
    clients.compute.longRunningOperationInitialTimeout = 0;
    clients.compute.longRunningOperationRetryTimeout = 0.02;
    return clients;
  };
  return { ...connect(), connect, emulator };
}

main(process.argv.slice(2));
