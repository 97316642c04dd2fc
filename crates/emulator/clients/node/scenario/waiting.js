'use strict';

// Waits of a careful user of the client: for what the client itself does not wait for.

const assert = require('node:assert/strict');

const { DOMAINS, PLACE, SERVICE, release } = require('./contoso');
const { call, until } = require('./steps');

/** Follows work that the clients do not follow: rollbacks, and resource providers. */
async function waitFor(client, accepted) {
  const operation = await until(
    ({ status }) => status !== 'InProgress',
    () => call(client, 'getOperationStatus', accepted.requestId),
  );
  assert.equal(operation.status, 'Succeeded');
  assert.equal(operation.error, undefined);
}

/** Reads the deployment until no update rolls and every instance is ready. */
function waitUntilReady(compute, name) {
  const isReady = ({ status, upgradeStatus, roleInstances }) =>
    status === 'Running' &&
    upgradeStatus === undefined &&
    roleInstances.length > 0 &&
    roleInstances.every(({ instanceStatus }) => instanceStatus === 'ReadyRole');
  return until(isReady, () => call(compute.deployments, 'getByName', SERVICE, name));
}

/** A cloud service with one deployment that has come up. */
async function deploy(compute, slot, name) {
  const service = { serviceName: SERVICE, label: 'Contoso', location: PLACE };
  await call(compute.hostedServices, 'create', service);
  await add(compute, slot, name, 1);
}

/** A deployment that has come up, in a cloud service that is there. */
async function add(compute, slot, name, number) {
  const parameters = { name, ...release(number), startDeployment: true };
  await call(compute.deployments, 'create', SERVICE, slot, parameters);
  return waitUntilReady(compute, name);
}

async function walk(compute, name, domains = DOMAINS) {
  for (const upgradeDomain of domains) {
    const parameters = { upgradeDomain };
    await call(compute.deployments, 'walkUpgradeDomainByDeploymentName', SERVICE, name, parameters);
  }
}

module.exports = { add, deploy, waitFor, waitUntilReady, walk };
