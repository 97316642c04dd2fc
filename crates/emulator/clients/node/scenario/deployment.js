'use strict';

// The life of two deployments: staging, production, their instances, and the end.

const assert = require('node:assert/strict');

const { DOMAINS, PLACE, SERVICE, configuration, packageOf, release } = require('./contoso');
const { call, rejected, until } = require('./steps');
const { add, waitUntilReady } = require('./waiting');

async function run(step, { compute }) {
  await deploy(step, compute);
  await swap(step, compute);
  await suspendAndResume(step, compute);
  await actOnInstances(step, compute);
  await readDetails(step, compute);
  await remove(step, compute);
}

const namesOf = ({ roleInstances }) => roleInstances.map(({ instanceName }) => instanceName).sort();

async function deploy(step, compute) {
  const { deployments, hostedServices } = compute;

  await step('deploy to staging', async () => {
    const service = { serviceName: SERVICE, label: 'Contoso', location: PLACE };
    await call(hostedServices, 'create', service);
    const accepted = await call(deployments, 'beginCreating', SERVICE, 'Staging', {
      name: 'blue',
      packageUri: packageOf(1),
      configuration: configuration(1),
      label: 'release 1, für alle',
      startDeployment: true,
      treatWarningsAsError: true,
      extendedProperties: { Build: '4711' },
    });
    assert.equal(accepted.statusCode, 202);
    await waitUntilReady(compute, 'blue');
  });

  await step('read the deployment by slot', async () => {
    const deployment = await call(deployments, 'getBySlot', SERVICE, 'Staging');
    assert.deepEqual([deployment.name, deployment.deploymentSlot], ['blue', 'Staging']);
    assert.deepEqual([deployment.status, deployment.label], ['Running', 'release 1, für alle']);
    assert.equal(deployment.configuration, configuration(1));
    assert.equal(deployment.upgradeDomainCount, DOMAINS.length);
    assert.deepEqual(
      deployment.roles.map(({ roleName }) => roleName),
      ['Web', 'Worker'],
    );
    assert.deepEqual(namesOf(deployment), ['Web_IN_0', 'Web_IN_1', 'Worker_IN_0']);
    const domains = deployment.roleInstances.map((instance) => instance.instanceUpgradeDomain);
    assert.deepEqual(domains, [0, 1, 0]);
    assert.deepEqual([deployment.locked, deployment.rollbackAllowed], [false, false]);
    assert.deepEqual(deployment.extendedProperties, { Build: '4711' });
    assert.ok(deployment.uri.includes(deployment.privateId), deployment.uri);
    assert.ok(deployment.createdTime > new Date(0), 'there is no date');
    assert.ok(deployment.virtualIPAddresses[0].address, 'the deployment has no address');
  });

  await step('read the cloud service with its deployments', async () => {
    const service = await call(hostedServices, 'getDetailed', SERVICE);
    assert.deepEqual(
      service.deployments.map(({ name }) => name),
      ['blue'],
    );
    assert.equal(service.deployments[0].roleInstances.length, 3);
  });

  await step('a slot that is taken is refused, an empty one is not found', async () => {
    const parameters = { name: 'green', ...release(2) };
    const again = call(deployments, 'create', SERVICE, 'Staging', parameters);
    await rejected(409, 'ConflictError', again);
    const empty = call(deployments, 'getBySlot', SERVICE, 'Production');
    await rejected(404, 'ResourceNotFound', empty);
  });
}

async function swap(step, compute) {
  const { deployments } = compute;
  const production = async () => (await call(deployments, 'getBySlot', SERVICE, 'Production')).name;
  const swapTo = (sourceDeployment, productionDeployment) =>
    call(deployments, 'swap', SERVICE, { sourceDeployment, productionDeployment });

  await step('swap into an empty production slot, without a Production element', async () => {
    await swapTo('blue');
    assert.equal(await production(), 'blue');
  });

  await step('deploy a second release to staging', () => add(compute, 'Staging', 'green', 2));

  await step('swap both, and back', async () => {
    await swapTo('green', 'blue');
    assert.equal(await production(), 'green');
    await swapTo('blue', 'green');
    assert.equal(await production(), 'blue');
  });

  await step('a swap that names the wrong deployments is refused', () =>
    rejected(409, 'ConflictError', swapTo('blue', 'green')),
  );
}

async function suspendAndResume(step, compute) {
  const { deployments } = compute;
  const set = (method, where, status) => call(deployments, method, SERVICE, where, { status });
  const isStopped = ({ status, roleInstances }) =>
    status === 'Suspended' &&
    roleInstances.every(({ instanceStatus }) => instanceStatus === 'StoppedVM');

  for (const [kind, method, where] of [
    ['name', 'updateStatusByDeploymentName', 'blue'],
    ['slot', 'updateStatusByDeploymentSlot', 'Production'],
  ]) {
    await step(`suspend and resume by ${kind}`, async () => {
      await set(method, where, 'Suspended');
      await until(isStopped, () => call(deployments, 'getByName', SERVICE, 'blue'));
      await set(method, where, 'Running');
      assert.equal((await waitUntilReady(compute, 'blue')).roleInstances.length, 3);
    });
  }
}

async function actOnInstances(step, compute) {
  const { deployments } = compute;
  for (const [title, method, ...more] of [
    ['reboot', 'rebootRoleInstance'],
    ['reimage', 'reimageRoleInstance'],
    ['rebuild', 'rebuildRoleInstance', 'allLocalDrives'],
  ]) {
    await step(`${title} an instance by name and by slot`, async () => {
      for (const [where, kind] of [
        ['blue', 'DeploymentName'],
        ['Production', 'DeploymentSlot'],
      ]) {
        await call(deployments, `${method}By${kind}`, SERVICE, where, 'Web_IN_0', ...more);
        assert.equal((await waitUntilReady(compute, 'blue')).roleInstances.length, 3);
      }
    });
  }

  const hasInstances = (expected, name) =>
    until(
      (deployment) => namesOf(deployment).join() === expected.join(),
      () => call(deployments, 'getByName', SERVICE, name),
    );

  await step('delete instances by name and by slot', async () => {
    const byName = 'deleteRoleInstanceByDeploymentName';
    await call(deployments, byName, SERVICE, 'blue', { name: ['Web_IN_1'] });
    await hasInstances(['Web_IN_0', 'Worker_IN_0'], 'blue');
    const bySlot = 'deleteRoleInstanceByDeploymentSlot';
    await call(deployments, bySlot, SERVICE, 'Staging', { name: ['Web_IN_0'] });
    await hasInstances(['Web_IN_1', 'Worker_IN_0'], 'green');
  });
}

async function readDetails(step, compute) {
  const { deployments, dnsServer } = compute;

  await step('list deployment events by name and by slot', async () => {
    const [start, end] = [new Date(Date.now() - 3_600_000), new Date()];
    for (const [method, where] of [
      ['listEvents', 'blue'],
      ['listEventsBySlot', 'Production'],
    ]) {
      const { deploymentEvents } = await call(deployments, method, SERVICE, where, start, end);
      assert.deepEqual(deploymentEvents, []);
    }
  });

  await step('get the package by name and by slot', async () => {
    // The client appends a blank and a plus to the address.
    const parameters = {
      containerUri: 'https://contoso.blob.core.windows.net/copies',
      overwriteExisting: true,
    };
    await call(deployments, 'getPackageByName', SERVICE, 'blue', parameters);
    await call(deployments, 'getPackageBySlot', SERVICE, 'Production', parameters);
  });

  await step('add, change and delete a DNS server', async () => {
    const read = async () => {
      const { dnsSettings } = await call(deployments, 'getByName', SERVICE, 'blue');
      return (dnsSettings?.dnsServers ?? []).map(({ name, address }) => `${name} ${address}`);
    };
    const server = (address) => ({ name: 'dns1', address });
    await call(dnsServer, 'addDNSServer', SERVICE, 'blue', server('10.0.0.4'));
    assert.deepEqual(await read(), ['dns1 10.0.0.4']);
    await call(dnsServer, 'updateDNSServer', SERVICE, 'blue', 'dns1', server('10.0.0.5'));
    assert.deepEqual(await read(), ['dns1 10.0.0.5']);
    await call(dnsServer, 'deleteDNSServer', SERVICE, 'blue', 'dns1');
    assert.deepEqual(await read(), []);
  });
}

async function remove(step, compute) {
  const { deployments, hostedServices } = compute;

  await step('a service with deployments cannot be deleted', () =>
    rejected(409, 'ConflictError', call(hostedServices, 'deleteMethod', SERVICE)),
  );

  await step('delete deployments by slot and by name', async () => {
    await call(deployments, 'deleteBySlot', SERVICE, 'Staging');
    await rejected(404, 'ResourceNotFound', call(deployments, 'getByName', SERVICE, 'green'));
    await call(deployments, 'deleteByName', SERVICE, 'blue', true);
    await rejected(404, 'ResourceNotFound', call(deployments, 'getByName', SERVICE, 'blue'));
  });

  await step('delete the service with what is in it', async () => {
    await add(compute, 'Production', 'red', 3);
    await call(hostedServices, 'deleteAll', SERVICE);
    await rejected(404, 'ResourceNotFound', call(hostedServices, 'get', SERVICE));
  });
}

module.exports = { run };
