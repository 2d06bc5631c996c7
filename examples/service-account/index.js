"use strict";
const pulumi = require("@pulumi/pulumi");
const { ApplicationKey } = require("pulumi-datadog-application-key");

const config = new pulumi.Config();

// It goes on working when the person who ran `pulumi up` leaves the company.
const deployer = new ApplicationKey("deployer", {
  name: config.get("keyName") ?? "deployer",
  serviceAccountId: config.require("serviceAccountId"),
});

exports.id = deployer.id;
exports.owner = deployer.owner;
exports.hash = deployer.hash;
