// Package awssim is a simulated AWS account behind Pulumi's ResourceProvider
// protocol. The Pulumi engine attaches to it with PULUMI_DEBUG_PROVIDERS=aws:PORT
// and deploys a program that uses pulumi-aws v6 into it, without a plugin, without
// a network and without an AWS account.
//
// The account keeps what was deployed, in memory or in a file, and enforces what
// AWS enforces: names, limits, enumerations, policies and preconditions. A refusal
// carries AWS's error name and the documentation page that states the rule. What
// the documentation leaves open is not refused; docs/simulated-account.md lists it.
//
// # Use
//
//	server, err := awssim.Serve(awssim.Options{File: "account.json"})
//	defer server.Close()
//	// run the engine with PULUMI_DEBUG_PROVIDERS=aws:<server.Port()>
//
// Tests act on the account by [Server.Account]: [Account.Do] reads and writes log
// objects as anybody, [Account.DeliverTrail] delivers a trail's files.
//
// # How a service is added
//
//  1. schema.json has one entry per resource type: input properties, outputs,
//     which of them are required or replace the resource, item limits, JSON
//     documents and the property that is auto-named. schema_test.go compares it
//     with the Args and State types of the pulumi-aws SDK.
//  2. account.go has one field per service with what the service stores: a struct
//     of [table] values, exported fields, JSON-encodable. Regional things are kept
//     under the key regional(region, name) or under their ARN.
//  3. A file of the service holds a table, var xTypes = map[string]resourceType{...},
//     listed in registry.go. A function that is absent has the obvious default:
//     no check, state unchanged on read and update, nothing to do on delete.
//  4. Functions run with the account locked. They validate first and change the
//     account last, so that a refused call leaves no trace. The server writes the
//     file when a call has changed something.
//
// The values given to the functions are plain JSON values with secrets unwrapped.
// In a check at preview, a value that is not known yet is [unknownValue]: the
// accessors (str, num, flag, list, object) treat it as absent, isUnknown tells.
// A create or update function returns the outputs that it computed; the server
// adds the inputs, the tags and the secrets. A read function returns what the
// account has now, inputs included, and nil for what is gone: that is what makes
// import and drift detection work. Where a resource is imported under something else
// than its id, read returns the id under the key "id".
package awssim
