'use strict';

// Updates in place by name and by slot: configuration changes, upgrades and rollbacks in both modes.

const assert = require('node:assert/strict');

const { DOMAINS, SERVICE, configuration, release } = require('./contoso');
const { call, rejected } = require('./steps');
const { deploy, waitFor, waitUntilReady, walk } = require('./waiting');

const MANY = { web: 5, worker: 5 };

async function run(step, { compute }) {
  await step('deploy to production', () => deploy(compute, 'Production', 'blue'));
  await changeConfiguration(step, compute);
  await upgradeAndRollBack(step, compute);
  await step('delete what was updated', async () => {
    await call(compute.deployments, 'deleteBySlot', SERVICE, 'Production');
    await call(compute.hostedServices, 'deleteMethod', SERVICE);
  });
}

async function changeConfiguration(step, compute) {
  const { deployments } = compute;

  await step('change the configuration by slot, automatically', async () => {
    const change = { configuration: configuration(1, { web: 3 }), mode: 'Auto' };
    await call(deployments, 'changeConfigurationBySlot', SERVICE, 'Production', change);
    const deployment = await waitUntilReady(compute, 'blue');
    assert.equal(deployment.configuration, change.configuration);
    assert.equal(deployment.roleInstances.length, 4);
  });

  await step('change the configuration by name, domain by domain', async () => {
    const change = { configuration: configuration(1, MANY), mode: 'Manual' };
    await call(deployments, 'changeConfigurationByName', SERVICE, 'blue', change);
    const { status, upgradeStatus, roleInstances } = await read(compute);
    assert.equal(status, 'RunningTransitioning');
    assert.deepEqual(upgradeStatus, {
      upgradeType: 'Manual',
      currentUpgradeDomainState: 'Before',
      currentUpgradeDomain: 0,
    });
    assert.equal(roleInstances.length, 4);
    await walk(compute, 'blue');
    assert.equal((await waitUntilReady(compute, 'blue')).roleInstances.length, 10);
  });
}

function read(compute) {
  return call(compute.deployments, 'getByName', SERVICE, 'blue');
}

async function upgradeAndRollBack(step, compute) {
  const { deployments } = compute;
  const upgrade = (number, mode) =>
    call(deployments, 'upgradeByName', SERVICE, 'blue', {
      ...release(number, MANY),
      mode,
      force: false,
    });
  const walkBySlot = (upgradeDomain) =>
    call(deployments, 'walkUpgradeDomainByDeploymentSlot', SERVICE, 'Production', {
      upgradeDomain,
    });
  const rollBackByName = (mode) =>
    call(deployments, 'rollbackUpdateOrUpgradeByDeploymentName', SERVICE, 'blue', {
      mode,
      force: true,
    });
  const rollBackBySlot = (mode) =>
    call(deployments, 'rollbackUpdateOrUpgradeByDeploymentSlot', SERVICE, 'Production', {
      mode,
      force: false,
    });

  await step('upgrade in manual mode, and walk two domains by name', async () => {
    await upgrade(2, 'Manual');
    await walk(compute, 'blue', [0, 1]);
    const deployment = await read(compute);
    assert.equal(deployment.label, 'release 2');
    assert.equal(deployment.upgradeStatus.currentUpgradeDomain, 2);
    assert.deepEqual([deployment.locked, deployment.rollbackAllowed], [false, true]);
  });

  await step('a domain out of order is refused', () =>
    rejected(400, 'BadRequest', walk(compute, 'blue', [4])),
  );

  await step('roll back by name in manual mode, which must be 200', async () => {
    const accepted = await rollBackByName('Manual');
    assert.equal(accepted.statusCode, 200);
    await waitFor(compute, accepted);
    await walk(compute, 'blue');
    const deployment = await waitUntilReady(compute, 'blue');
    assert.equal(deployment.label, 'release 1');
    assert.equal(deployment.configuration, configuration(1, MANY));
  });

  await step('roll back by slot automatically, which must be 202', async () => {
    await upgrade(2, 'Manual');
    await walkBySlot(0);
    const accepted = await rollBackBySlot('Auto');
    assert.equal(accepted.statusCode, 202);
    await waitFor(compute, accepted);
    const deployment = await waitUntilReady(compute, 'blue');
    assert.deepEqual([deployment.label, deployment.rollbackAllowed], ['release 1', false]);
  });

  await step('roll back by name automatically, and by slot in manual mode', async () => {
    await upgrade(2, 'Manual');
    await walkBySlot(0);
    await waitFor(compute, await rollBackByName('Auto'));
    await waitUntilReady(compute, 'blue');
    await upgrade(2, 'Manual');
    await walkBySlot(0);
    await waitFor(compute, await rollBackBySlot('Manual'));
    for (const domain of DOMAINS) {
      await walkBySlot(domain);
    }
    assert.equal((await waitUntilReady(compute, 'blue')).label, 'release 1');
  });

  await step('there is nothing left to roll back', () =>
    rejected(400, 'BadRequest', rollBackBySlot('Auto')),
  );

  await step('upgrade by slot, automatically', async () => {
    const parameters = { ...release(2, MANY), mode: 'Auto', force: true };
    await call(deployments, 'upgradeBySlot', SERVICE, 'Production', parameters);
    const deployment = await waitUntilReady(compute, 'blue');
    assert.equal(deployment.label, 'release 2');
    assert.equal(deployment.configuration, configuration(2, MANY));
  });

  await step('upgrade all domains at once', async () => {
    await upgrade(3, 'Simultaneous');
    assert.equal((await waitUntilReady(compute, 'blue')).label, 'release 3');
  });
}

module.exports = { run };
