'use strict';

// Cloud services: availability of names, create, list, read, update, delete.

const assert = require('node:assert/strict');

const { PLACE, SERVICE } = require('./contoso');
const { call, rejected } = require('./steps');

async function run(step, { compute }) {
  const services = compute.hostedServices;

  await step('a free name is available', async () => {
    const reply = await call(services, 'checkNameAvailability', SERVICE);
    assert.deepEqual([reply.isAvailable, reply.reason ?? null], [true, null]);
  });

  await step('create a cloud service, which must be 201', async () => {
    const created = await call(services, 'create', {
      serviceName: SERVICE,
      label: 'Contoso, für alle',
      description: 'the shop',
      location: PLACE,
      extendedProperties: { Owner: 'fabrikam', Stage: 'test' },
      reverseDnsFqdn: 'shop.contoso.com',
    });
    assert.equal(created.statusCode, 201);
    const operation = await call(compute, 'getOperationStatus', created.requestId);
    assert.equal(operation.status, 'Succeeded');
  });

  await step('a name that is taken is not available', async () => {
    const reply = await call(services, 'checkNameAvailability', SERVICE);
    assert.equal(reply.isAvailable, false);
    assert.ok(reply.reason, 'there is no reason');
  });

  await step('a cloud service of the same name is refused', async () => {
    const again = { serviceName: SERVICE, label: 'again', location: PLACE };
    const error = await rejected(409, 'ConflictError', call(services, 'create', again));
    assert.ok(error.requestId, 'there is no request id');
  });

  await step('a service that is not there is told apart', () =>
    rejected(404, 'ResourceNotFound', call(services, 'get', 'fabrikam')),
  );

  await step('list cloud services', async () => {
    const { hostedServices } = await call(services, 'list');
    assert.deepEqual(
      hostedServices.map(({ serviceName }) => serviceName),
      [SERVICE],
    );
    assert.equal(hostedServices[0].properties.label, 'Contoso, für alle');
    assert.ok(hostedServices[0].uri.endsWith(`/services/hostedservices/${SERVICE}`));
  });

  await step('read a cloud service', async () => {
    const { serviceName, properties } = await call(services, 'get', SERVICE);
    assert.equal(serviceName, SERVICE);
    assert.equal(properties.label, 'Contoso, für alle');
    assert.equal(properties.description, 'the shop');
    assert.equal(properties.location, PLACE);
    assert.equal(properties.status, 'Created');
    assert.equal(properties.reverseDnsFqdn, 'shop.contoso.com');
    assert.equal(properties.extendedProperties.Owner, 'fabrikam');
    assert.ok(properties.dateCreated > new Date(0), 'there is no date');
  });

  await step('update a cloud service, which must be 200', async () => {
    const updated = await call(services, 'update', SERVICE, {
      label: 'Contoso 2',
      description: 'the new shop',
      reverseDnsFqdn: 'www.contoso.com',
      extendedProperties: { Stage: 'live' },
    });
    assert.equal(updated.statusCode, 200);
    const { properties } = await call(services, 'get', SERVICE);
    assert.deepEqual([properties.label, properties.description], ['Contoso 2', 'the new shop']);
    assert.equal(properties.reverseDnsFqdn, 'www.contoso.com');
    // The client sends the two in the wrong order.
    assert.equal(properties.extendedProperties.Stage, 'live');
    assert.equal(properties.extendedProperties.Owner, 'fabrikam');
  });

  await step('delete a cloud service, which must be 200', async () => {
    assert.equal((await call(services, 'deleteMethod', SERVICE)).statusCode, 200);
    assert.deepEqual((await call(services, 'list')).hostedServices, []);
  });
}

module.exports = { run };
