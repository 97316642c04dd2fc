'use strict';

// What stands around cloud services: the subscription, its log, places, sizes, affinity groups.

const assert = require('node:assert/strict');

const { PLACE } = require('./contoso');
const { call, rejected } = require('./steps');
const { waitFor } = require('./waiting');

const GROUP = 'contoso-group';
const HOUR = 3_600_000;

async function run(step, clients) {
  await readCatalogues(step, clients);
  await affinityGroups(step, clients);
  await operationLog(step, clients);
  await resourceProviders(step, clients);
}

async function readCatalogues(step, { compute, management, emulator }) {
  await step('read the subscription', async () => {
    const subscription = await call(management.subscriptions, 'get');
    assert.equal(subscription.subscriptionID, emulator.subscription);
    assert.equal(subscription.subscriptionStatus, 'Active');
    assert.equal(subscription.currentHostedServices, 0);
    assert.ok(subscription.maximumCoreCount > 0, 'there are no cores');
  });

  await step('list locations', async () => {
    const { locations } = await call(management.locations, 'list');
    const place = locations.find(({ name }) => name === PLACE);
    assert.ok(place.availableServices.includes('Compute'), place.availableServices.join());
    assert.ok(place.computeCapabilities.webWorkerRoleSizes.includes('Small'));
  });

  await step('list role sizes', async () => {
    const { roleSizes } = await call(management.roleSizes, 'list');
    const small = roleSizes.find(({ name }) => name === 'Small');
    assert.deepEqual([small.cores, small.memoryInMb], [1, 1792]);
    assert.equal(small.supportedByWebWorkerRoles, true);
  });

  await step('list operating systems and their families', async () => {
    const { operatingSystems } = await call(compute.operatingSystems, 'list');
    const { operatingSystemFamilies } = await call(compute.operatingSystems, 'listFamilies');
    assert.ok(operatingSystems.length > 0, 'there are no systems');
    const families = new Set(operatingSystems.map(({ family }) => family));
    assert.deepEqual(families, new Set(operatingSystemFamilies.map(({ name }) => name)));
    assert.ok(
      operatingSystems.some(({ isActive }) => isActive),
      'none is active',
    );
    for (const { label, operatingSystems: members } of operatingSystemFamilies) {
      assert.ok(label && members.length > 0, label);
    }
  });
}

async function affinityGroups(step, { compute, management }) {
  const groups = management.affinityGroups;

  await step('create an affinity group, which must be 201', async () => {
    const created = await call(groups, 'create', {
      name: GROUP,
      label: 'Group für Contoso',
      description: 'near each other',
      location: PLACE,
    });
    assert.equal(created.statusCode, 201);
  });

  await step('read, update and list affinity groups', async () => {
    const group = await call(groups, 'get', GROUP);
    assert.deepEqual(
      [group.name, group.label, group.location],
      [GROUP, 'Group für Contoso', PLACE],
    );
    const change = { label: 'Group 2', description: 'still near' };
    assert.equal((await call(groups, 'update', GROUP, change)).statusCode, 200);
    const { affinityGroups } = await call(groups, 'list');
    const [{ label, description }] = affinityGroups.filter(({ name }) => name === GROUP);
    assert.deepEqual({ label, description }, change);
  });

  await step('a service lives in an affinity group', async () => {
    const service = { serviceName: 'fabrikam', label: 'F', affinityGroup: GROUP };
    await call(compute.hostedServices, 'create', service);
    const { hostedServices } = await call(groups, 'get', GROUP);
    assert.deepEqual(
      hostedServices.map(({ serviceName }) => serviceName),
      ['fabrikam'],
    );
    await call(compute.hostedServices, 'deleteMethod', 'fabrikam');
  });

  await step('delete an affinity group, which must be 200', async () => {
    assert.equal((await call(groups, 'deleteMethod', GROUP)).statusCode, 200);
    await rejected(404, 'ResourceNotFound', call(groups, 'get', GROUP));
  });
}

async function operationLog(step, { compute, management, emulator }) {
  const objectIdFilter = `/${emulator.subscription}/services/hostedservices/tailspin`;
  const list = (filter) =>
    call(management.subscriptions, 'listOperations', {
      startTime: new Date(Date.now() - HOUR),
      // The emulator's clock runs faster than ours.
      endTime: new Date(Date.now() + 24 * HOUR),
      ...filter,
    });

  await step('read the operation log, with its parameters', async () => {
    const service = { serviceName: 'tailspin', label: 'T', location: PLACE };
    await call(compute.hostedServices, 'create', service);
    await call(compute.hostedServices, 'deleteMethod', 'tailspin');
    const { subscriptionOperations } = await list({ objectIdFilter });
    assert.equal(subscriptionOperations.length, 2);
    for (const operation of subscriptionOperations) {
      assert.equal(operation.operationObjectId, objectIdFilter);
      assert.equal(operation.operationCaller.usedServiceManagementApi, true);
      assert.deepEqual(operation.operationStatus.STATUS, ['Succeeded']);
      assert.ok(operation.operationStartedTime <= operation.operationCompletedTime);
    }
    const parameters = JSON.stringify(
      subscriptionOperations.map((each) => each.operationParameters),
    );
    assert.ok(parameters.includes('tailspin'), parameters);
  });

  await step('filter the operation log by its results', async () => {
    const failed = await list({ objectIdFilter, operationStatus: 'Failed' });
    assert.deepEqual(failed.subscriptionOperations, []);
    const succeeded = await list({ objectIdFilter, operationStatus: 'Succeeded' });
    assert.equal(succeeded.subscriptionOperations.length, 2);
  });
}

async function resourceProviders(step, { management }) {
  await step('register and unregister a resource provider', async () => {
    for (const method of ['registerResource', 'unregisterResource']) {
      await waitFor(management, await call(management.subscriptions, method, 'website'));
    }
  });
}

module.exports = { run };
