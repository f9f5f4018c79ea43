package policyeval

import (
	"fmt"
	"slices"
	"strings"
)

// objectActions act on objects, all other actions of a bucket policy on the bucket.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var objectActions = []string{
	"s3:abortmultipartupload", "s3:bypassgovernanceretention", "s3:deleteobject", "s3:deleteobjecttagging",
	"s3:deleteobjectversion", "s3:deleteobjectversiontagging", "s3:getobject", "s3:getobjectacl",
	"s3:getobjectattributes", "s3:getobjectlegalhold", "s3:getobjectretention", "s3:getobjecttagging",
	"s3:getobjecttorrent", "s3:getobjectversion", "s3:getobjectversionacl", "s3:getobjectversionattributes",
	"s3:getobjectversionforreplication", "s3:getobjectversiontagging", "s3:getobjectversiontorrent",
	"s3:initiatereplication", "s3:listmultipartuploadparts", "s3:objectowneroverridetobucketowner", "s3:putobject",
	"s3:putobjectacl", "s3:putobjectlegalhold", "s3:putobjectretention", "s3:putobjecttagging",
	"s3:putobjectversionacl", "s3:putobjectversiontagging", "s3:replicatedelete", "s3:replicateobject",
	"s3:replicatetags", "s3:restoreobject", "s3:updateobjectencryption",
}

// checkBucket: a bucket policy speaks of its own bucket only, and each action needs a resource it can act on.
func checkBucket(d *Document, bucket string) string {
	if bucket == "" {
		return ""
	}
	for _, s := range d.statements {
		ofBucket, ofObjects := false, false
		for _, resource := range s.resources {
			onBucket, onObjects := withinBucket(resource.raw, bucket)
			if !onBucket && !onObjects {
				return fmt.Sprintf("%s: Policy has invalid resource (%s)", s.label(), resource.raw)
			}
			ofBucket, ofObjects = ofBucket || onBucket, ofObjects || onObjects
		}
		if s.notAction || s.notResource {
			continue
		}
		for _, action := range s.actions {
			if !action.hasWildcards() && !(ofBucket && !isObjectAction(action) || ofObjects && isObjectAction(action)) {
				return fmt.Sprintf("%s: Action does not apply to any resource(s) in statement (%s)", s.label(), action.raw)
			}
		}
	}
	return ""
}

func isObjectAction(action template) bool {
	return slices.Contains(objectActions, strings.ToLower(action.raw))
}

// withinBucket tells whether a Resource can mean the bucket itself and objects in it. What a wildcard at the end of the
// bucket's name means to PutBucketPolicy is not documented; it passes.
func withinBucket(resource, bucket string) (onBucket, onObjects bool) {
	stem, wild, hasWild := resource, "", false
	if i := strings.IndexAny(resource, "*?$"); i >= 0 {
		stem, wild, hasWild = resource[:i], resource[i:], true
	}
	switch {
	case resource == "*":
		return true, true
	case strings.HasPrefix(stem, bucket+"/"):
		return false, true
	case !hasWild:
		return resource == bucket, false
	case strings.HasPrefix(bucket, stem):
		glyphs, _ := newTemplate(resource, false, true)
		pattern, _ := glyphs.expand(nil)
		return matches(pattern, bucket), strings.Contains(wild, "*")
	default:
		return stem == bucket && wild[0] == '*', stem == bucket
	}
}

// fixedKeys limit a grant to everybody to somebody when an operator compares them with fixed values.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
var fixedKeys = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalservicename", "aws:sourceaccount",
	"aws:sourcearn", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount",
	"s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}

// fixingOperators are true only for the values a policy lists.
var fixingOperators = []string{"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"}

// Public tells whether Amazon S3 calls a bucket policy public, and which statement makes it so. A statement is public
// when it allows everybody, or users of a public identity provider, without a condition that limits the grant to fixed
// values. Block public access refuses such policies.
func (d *Document) Public() (bool, string) {
	for _, s := range d.statements {
		if s.effect == Allow && s.principals != nil && s.grantsWidely() && !slices.ContainsFunc(s.conditions, condition.fixes) {
			return true, s.label()
		}
	}
	return false, ""
}

func (s statement) grantsWidely() bool {
	if s.principals.any || s.notPrincipal {
		return true
	}
	return slices.ContainsFunc(s.principals.entries, func(e NamedPrincipal) bool {
		return e.Type == federatedPrincipal && !strings.HasPrefix(e.ID, "arn:") || e.Type == servicePrincipal && e.ID == "*"
	})
}

// fixes tells whether the condition holds for fixed values only.
func (c condition) fixes() bool {
	// IfExists and ForAllValues hold for requests without the key.
	if c.ifExists || c.set == forAllValues {
		return false
	}
	if c.operator == "IpAddress" && c.key == "aws:sourceip" {
		return !slices.ContainsFunc(c.operands, func(t template) bool { return isBroad(t.raw) })
	}
	if !slices.Contains(fixingOperators, c.operator) || !slices.Contains(fixedKeys, c.key) {
		return false
	}
	return !slices.ContainsFunc(c.operands, func(t template) bool { return !isFixed(c.key, t) })
}

func isFixed(key string, t template) bool {
	if t.hasVariables() {
		return false
	}
	if key == "s3:dataaccesspointarn" {
		// The name of the access point may be a wildcard while the account is fixed.
		components := strings.SplitN(t.raw, ":", arnParts)
		return len(components) == arnParts && accountPattern.MatchString(components[4])
	}
	return !strings.ContainsAny(t.raw, "*?")
}

// isBroad is true for ranges wider than /8 (IPv4) and /32 (IPv6).
func isBroad(cidr string) bool {
	block, ok := parseRange(cidr)
	if !ok {
		return true
	}
	if block.Addr().Is6() {
		return block.Bits() < 32
	}
	return block.Bits() < 8
}
