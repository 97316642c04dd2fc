'use strict';

// Extensions: what is offered, what a service has, and what a deployment uses.

const assert = require('node:assert/strict');

const { SERVICE, configuration } = require('./contoso');
const { call, rejected } = require('./steps');
const { deploy, waitUntilReady } = require('./waiting');

const PUBLIC = '<PublicConfig><UserName>operator</UserName></PublicConfig>';
const PRIVATE = '<PrivateConfig><Password>not so secret</Password></PrivateConfig>';

async function run(step, { compute }) {
  const { deployments, hostedServices } = compute;
  let offered;

  await step('list available extensions and their versions', async () => {
    const { extensionImages } = await call(hostedServices, 'listAvailableExtensions');
    offered = extensionImages.find(({ type }) => type === 'RDP');
    assert.ok(offered, 'RDP is not offered');
    const { providerNameSpace, type } = offered;
    const versions = await call(hostedServices, 'listExtensionVersions', providerNameSpace, type);
    assert.ok(versions.extensionImages.length > 0, 'there are no versions');
    for (const image of versions.extensionImages) {
      assert.deepEqual([image.providerNameSpace, image.type], [providerNameSpace, type]);
    }
  });

  await step('add an extension to a service', async () => {
    await deploy(compute, 'Production', 'blue');
    await call(hostedServices, 'addExtension', SERVICE, {
      providerNamespace: offered.providerNameSpace,
      type: offered.type,
      id: 'remote-1',
      version: '*',
      publicConfiguration: PUBLIC,
      privateConfiguration: PRIVATE,
    });
  });

  await step('read and list the extensions of a service', async () => {
    const extension = await call(hostedServices, 'getExtension', SERVICE, 'remote-1');
    assert.deepEqual([extension.id, extension.type], ['remote-1', 'RDP']);
    assert.equal(extension.publicConfiguration, PUBLIC);
    assert.equal(JSON.stringify(extension).includes('secret'), false);
    const { extensions } = await call(hostedServices, 'listExtensions', SERVICE);
    assert.deepEqual(
      extensions.map(({ id }) => id),
      ['remote-1'],
    );
  });

  const use = (extensionConfiguration) =>
    call(deployments, 'changeConfigurationByName', SERVICE, 'blue', {
      configuration: configuration(1),
      mode: 'Auto',
      extensionConfiguration,
    });

  await step('give the extension to all roles, and to one', async () => {
    await use({ allRoles: [{ id: 'remote-1' }], namedRoles: [] });
    const { extensionConfiguration } = await waitUntilReady(compute, 'blue');
    assert.deepEqual(
      extensionConfiguration.allRoles.map(({ id }) => id),
      ['remote-1'],
    );
    await use({
      allRoles: [],
      namedRoles: [{ roleName: 'Web', extensions: [{ id: 'remote-1', state: 'Enable' }] }],
    });
    const { namedRoles } = (await waitUntilReady(compute, 'blue')).extensionConfiguration;
    assert.deepEqual(
      namedRoles.map(({ roleName }) => roleName),
      ['Web'],
    );
    assert.deepEqual(
      namedRoles[0].extensions.map(({ id }) => id),
      ['remote-1'],
    );
  });

  await step('take the extension away, and delete it', async () => {
    await use({ allRoles: [], namedRoles: [] });
    await waitUntilReady(compute, 'blue');
    await call(hostedServices, 'deleteExtension', SERVICE, 'remote-1');
    const gone = call(hostedServices, 'getExtension', SERVICE, 'remote-1');
    await rejected(404, 'ResourceNotFound', gone);
  });

  await step('delete what had an extension', () => call(hostedServices, 'deleteAll', SERVICE));
}

module.exports = { run };
