package awssim

import (
	"fmt"
	"slices"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

func s3PutPolicy(c *call, b *s3Bucket, in props) error {
	const doc = s3API + "PutBucketPolicy.html"
	text := str(in, "policy")
	if err := policyeval.Validate(policyeval.BucketPolicy, text, c.bucketARN(b.Name)); err != nil {
		return policyRefusal(err, doc)
	}
	parsed, err := policyeval.Parse(text)
	if err != nil {
		return refuse("MalformedPolicy", err.Error(), doc)
	}
	if arn := c.unknownPrincipal(parsed); arn != "" {
		return refuse("MalformedPolicy", fmt.Sprintf("Invalid principal in policy: %q does not exist", arn), doc)
	}
	if c.blocks(b).BlockPublicPolicy {
		if public, statement := parsed.Public(); public {
			return refuse("AccessDenied", fmt.Sprintf("%s is not authorized to perform: s3:PutBucketPolicy on resource: %q because public policies "+
				"are prevented by the BlockPublicPolicy setting in S3 Block Public Access (statement %s is public)",
				requester(c.Caller), c.bucketARN(b.Name), statement), s3BlockDoc)
		}
	}
	b.Policy = text
	return nil
}

func s3CheckOwnership(in props) error {
	return oneOf(object(in, "rule"), "objectOwnership", "MalformedXML", s3API+"PutBucketOwnershipControls.html",
		bucketOwnerEnforced, "BucketOwnerPreferred", "ObjectWriter")
}

func s3PutOwnership(_ *call, b *s3Bucket, in props) error {
	ownership := str(object(in, "rule"), "objectOwnership")
	if ownership == bucketOwnerEnforced && (b.ACL != cannedPrivate || b.Grants != nil) {
		return refuse("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
			s3Doc+"userguide/object-ownership-error-responses.html")
	}
	b.Ownership = ownership
	return nil
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
func s3CheckACL(in props) error {
	if present(in, "acl") == present(in, "accessControlPolicy") {
		return refuse("InvalidRequest", "one of acl and accessControlPolicy has to be given", s3API+"PutBucketAcl.html")
	}
	return oneOf(in, "acl", "InvalidArgument", s3API+"PutBucketAcl.html", cannedPrivate, "public-read", "public-read-write", "authenticated-read",
		"aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", cannedLogDelivery)
}

func s3PutACL(c *call, b *s3Bucket, in props) error {
	acl := str(in, "acl")
	if b.Ownership == bucketOwnerEnforced {
		return refuse("AccessControlListNotSupported", "The bucket does not allow ACLs", s3Doc+"userguide/about-object-ownership.html")
	}
	if c.blocks(b).BlockPublicACLs && slices.Contains([]string{"public-read", "public-read-write", "authenticated-read"}, acl) {
		return refuse("AccessDenied", "public access control lists are prevented by the BlockPublicAcls setting in S3 Block Public Access", s3BlockDoc)
	}
	b.ACL, b.Grants = acl, in["accessControlPolicy"]
	return nil
}
