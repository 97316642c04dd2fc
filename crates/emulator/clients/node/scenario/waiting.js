'use strict';

// Waits of a careful user of the client: for what the client itself does not wait for.

const assert = require('node:assert/strict');

const { DOMAINS, PLACE, SERVICE, release } = require('./contoso');
const { call, until } = require('./steps');

/** Follows work that the clients do not follow: rollbacks, and resource providers. */
async function done(client, accepted) {
  const operation = await until(
    ({ status }) => status !== 'InProgress',
    () => call(client, 'getOperationStatus', accepted.requestId),
  );
  assert.equal(operation.status, 'Succeeded');
  assert.equal(operation.error, undefined);
}

/** Reads the deployment until no update rolls and every instance is ready. */
function settled(compute, name) {
  const isSettled = ({ status, upgradeStatus, roleInstances }) =>
    status === 'Running' &&
    upgradeStatus === undefined &&
    roleInstances.length > 0 &&
    roleInstances.every(({ instanceStatus }) => instanceStatus === 'ReadyRole');
  return until(isSettled, () => call(compute.deployments, 'getByName', SERVICE, name));
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
  return settled(compute, name);
}

async function walk(compute, name, domains = DOMAINS) {
  for (const upgradeDomain of domains) {
    const parameters = { upgradeDomain };
    await call(compute.deployments, 'walkUpgradeDomainByDeploymentName', SERVICE, name, parameters);
  }
}

module.exports = { add, deploy, done, settled, walk };
