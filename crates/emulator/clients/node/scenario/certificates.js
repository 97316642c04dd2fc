'use strict';

// Certificates of a cloud service, and those that may manage the subscription.

const assert = require('node:assert/strict');

const { PLACE, SERVICE, certificate, fixture } = require('./contoso');
const { call, rejected } = require('./steps');
const { waitFor } = require('./waiting');

async function run(step, clients) {
  await runServiceCertificates(step, clients);
  await runManagementCertificates(step, clients);
}

async function runServiceCertificates(step, { compute }) {
  const { hostedServices, serviceCertificates } = compute;
  // The PKCS#12 holds the certificate of ec.pem; rsa.pem stands for one without a key.
  const [withKey, alone] = [certificate('ec.pem'), certificate('rsa.pem')];
  const named = (thumbprint) => ({ serviceName: SERVICE, thumbprintAlgorithm: 'sha1', thumbprint });

  await step('add service certificates with a key and without', async () => {
    const service = { serviceName: SERVICE, label: 'Contoso', location: PLACE };
    await call(hostedServices, 'create', service);
    const pfx = { data: fixture('legacy.pfx'), certificateFormat: 'pfx', password: 'secret' };
    await call(serviceCertificates, 'create', SERVICE, pfx);
    const cer = { data: alone.der, certificateFormat: 'cer' };
    await call(serviceCertificates, 'create', SERVICE, cer);
  });

  await step('list service certificates', async () => {
    const { certificates } = await call(serviceCertificates, 'list', SERVICE);
    const thumbprints = certificates.map(({ thumbprint }) => thumbprint).sort();
    assert.deepEqual(thumbprints, [withKey.thumbprint, alone.thumbprint].sort());
    for (const { thumbprint, thumbprintAlgorithm, certificateUri } of certificates) {
      assert.equal(thumbprintAlgorithm, 'sha1');
      assert.ok(certificateUri.endsWith(`/certificates/sha1-${thumbprint}`), certificateUri);
    }
  });

  await step('get a service certificate', async () => {
    const found = await call(serviceCertificates, 'get', named(alone.thumbprint));
    // The client makes text of the DER, and loses what is not UTF-8.
    assert.equal(found.data, alone.der.toString('utf8'));
  });

  await step('delete service certificates, which must be 202', async () => {
    const accepted = await call(serviceCertificates, 'beginDeleting', named(withKey.thumbprint));
    assert.equal(accepted.statusCode, 202);
    await waitFor(compute, accepted);
    await call(serviceCertificates, 'deleteMethod', named(alone.thumbprint));
    const gone = call(serviceCertificates, 'get', named(alone.thumbprint));
    await rejected(404, 'ResourceNotFound', gone);
  });

  await step('delete the service that had certificates', () =>
    call(hostedServices, 'deleteMethod', SERVICE),
  );
}

async function runManagementCertificates(step, { management, connect }) {
  const { managementCertificates } = management;
  const added = certificate('rsa.pem');
  const other = connect(fixture('rsa.pem')).management;

  await step('a certificate that was not added may not connect', () =>
    rejected(403, 'ForbiddenError', call(other.subscriptions, 'get')),
  );

  await step('add a management certificate, and connect with it', async () => {
    const parameters = {
      publicKey: added.publicKey,
      thumbprint: added.thumbprint,
      data: added.der,
    };
    // The service answered 201, which this client takes for a failure; the certificate is there.
    await rejected(201, undefined, call(managementCertificates, 'create', parameters));
    await call(other.subscriptions, 'get');
  });

  await step('list management certificates', async () => {
    const { subscriptionCertificates } = await call(managementCertificates, 'list');
    assert.equal(subscriptionCertificates.length, 2);
    const thumbprints = subscriptionCertificates.map(({ thumbprint }) => thumbprint);
    assert.ok(thumbprints.includes(added.thumbprint), thumbprints.join());
  });

  await step('get a management certificate', async () => {
    const found = await call(managementCertificates, 'get', added.thumbprint);
    assert.equal(found.thumbprint, added.thumbprint);
    assert.equal(found.data, added.der.toString('utf8'));
    assert.ok(found.created > new Date(0), 'there is no date');
  });

  await step('delete a management certificate, and it may connect no more', async () => {
    await call(managementCertificates, 'deleteMethod', added.thumbprint);
    await rejected(403, 'ForbiddenError', call(other.subscriptions, 'get'));
    const gone = call(managementCertificates, 'get', added.thumbprint);
    await rejected(404, 'ResourceNotFound', gone);
  });
}

module.exports = { run };
