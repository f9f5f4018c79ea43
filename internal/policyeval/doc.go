// Package policyeval decides requests by IAM policy documents the way AWS documents it.
//
// [Parse] reads a document strictly: what it does not know is an error, never ignored. [Document.Decide] evaluates one
// document, [Authorization.Decide] combines the identity policies of the caller with the policy of the resource.
// [Validate] makes the checks AWS makes when a policy is stored, and [Document.Public] applies Amazon S3's meaning of
// "public".
//
// Permissions boundaries, session policies and service control policies are not modelled.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package policyeval
