'use strict';

// Spellings that the service took, and a program that trusts the emulator without knowing of it.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');

const { SERVICE } = require('./contoso');
const { call, rejected } = require('./steps');
const { deploy } = require('./waiting');

async function run(step, { compute, connect, emulator }) {
  await step('deploy to a slot in another case, and read by slot and name', async () => {
    await deploy(compute, 'production', 'Blue');
    for (const slot of ['Production', 'production', 'PRODUCTION']) {
      const deployment = await call(compute.deployments, 'getBySlot', SERVICE, slot);
      assert.equal(deployment.name, 'Blue');
    }
    const deployment = await call(compute.deployments, 'getByName', 'CONTOSO', 'bLUE');
    assert.equal(deployment.name, 'Blue');
  });

  await step('a Host without its port', async () => {
    const { compute: other } = connect(undefined, (request, next, callback) => {
      request.headers.host = 'localhost';
      return next(request, callback);
    });
    const deployment = await call(other.deployments, 'getBySlot', SERVICE, 'Production');
    assert.equal(deployment.name, 'Blue');
  });

  await step('a program without a filter trusts the emulator by NODE_EXTRA_CA_CERTS', async () => {
    const program = `
      const { createComputeManagementClient, createCertificateCloudCredentials } =
        require('azure-asm-compute');
      const { env } = process;
      const credentials = createCertificateCloudCredentials({
        subscriptionId: env.AZURE_MANAGEMENT_SUBSCRIPTIONID,
        pem: require('fs').readFileSync(env.AZURE_MANAGEMENT_CERTFILE, 'utf8'),
      });
      const client = createComputeManagementClient(credentials, ${JSON.stringify(emulator.endpoint)});
      client.hostedServices.getDetailed('${SERVICE}', (error, service) => {
        if (error) throw error;
        console.log(service.deployments[0].name);
      });`;
    const env = { ...process.env, ...emulator.environment() };
    const given = ['--no-deprecation', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, given, { env });
    assert.equal(stdout, 'Blue\n');
  });

  await step('delete what was spelled', async () => {
    await call(compute.deployments, 'deleteByName', SERVICE, 'BLUE', false);
    await rejected(404, undefined, call(compute.deployments, 'getBySlot', SERVICE, 'Production'));
    await call(compute.hostedServices, 'deleteMethod', 'Contoso');
  });
}

module.exports = { run };
