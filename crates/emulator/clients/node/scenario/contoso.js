'use strict';

// What is deployed: releases of a service with two roles, and the credentials of contoso.

const { X509Certificate } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const SERVICE = 'contoso';
const PLACE = 'North Europe';
// The package has five upgrade domains.
const DOMAINS = [0, 1, 2, 3, 4];
const FIXTURES = path.resolve(__dirname, '../../../../credentials/tests/fixtures');

function packageOf(release) {
  return `https://contoso.blob.core.windows.net/packages/${release}.cspkg`;
}

/** The text of a service configuration (.cscfg). */
function configuration(release, { web = 2, worker = 1 } = {}) {
  return `<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web">
    <Instances count="${web}" />
    <ConfigurationSettings><Setting name="Release" value="${release}" /></ConfigurationSettings>
  </Role>
  <Role name="Worker">
    <Instances count="${worker}" />
    <ConfigurationSettings><Setting name="Release" value="${release}" /></ConfigurationSettings>
  </Role>
</ServiceConfiguration>`;
}

/** What Create Deployment and Upgrade Deployment want. */
function release(number, counts) {
  return {
    packageUri: packageOf(number),
    configuration: configuration(number, counts),
    label: `release ${number}`,
  };
}

function fixture(name) {
  return fs.readFileSync(path.join(FIXTURES, name));
}

/** A certificate of the fixtures: its DER, its thumbprint, and its key in PKCS#1. */
function certificate(name) {
  const read = new X509Certificate(fixture(name));
  const isRsa = read.publicKey.asymmetricKeyType === 'rsa';
  return {
    der: read.raw,
    thumbprint: read.fingerprint.replaceAll(':', ''),
    publicKey: isRsa ? read.publicKey.export({ type: 'pkcs1', format: 'der' }) : undefined,
  };
}

module.exports = {
  DOMAINS,
  PLACE,
  SERVICE,
  certificate,
  configuration,
  fixture,
  packageOf,
  release,
};
