package awssim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// s3Aspect is one configuration of a bucket that has a resource type of its own.
type s3Aspect struct {
	get, put, remove string // the actions that read, write and delete it
	// check refuses values whatever the bucket is.
	check func(in props) error
	// apply puts the configuration on the bucket.
	apply func(c *call, b *s3Bucket, in props) error
	// read returns the configuration, nil when there is none.
	read func(b *s3Bucket) props
	// clear removes the configuration as the provider does on deletion.
	clear func(c *call, b *s3Bucket, state props) error
}

var s3Aspects = map[string]s3Aspect{
	"aws:s3/bucketPolicy:BucketPolicy": {
		get: "s3:GetBucketPolicy", put: "s3:PutBucketPolicy", remove: "s3:DeleteBucketPolicy",
		apply: s3PutPolicy,
		read: func(b *s3Bucket) props {
			if b.Policy == "" {
				return nil
			}
			return props{"policy": b.Policy}
		},
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Policy = ""; return nil },
	},
	"aws:s3/bucketVersioningV2:BucketVersioningV2": {
		get: "s3:GetBucketVersioning", put: "s3:PutBucketVersioning", remove: "s3:PutBucketVersioning",
		check: s3CheckVersioning, apply: s3PutVersioning, read: s3ReadVersioning, clear: s3ClearVersioning,
	},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {
		get: "s3:GetEncryptionConfiguration", put: "s3:PutEncryptionConfiguration", remove: "s3:PutEncryptionConfiguration",
		check: s3CheckEncryption, apply: s3PutEncryption, read: s3ReadEncryption,
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Encryption = s3Encryption{Algorithm: sseS3}; return nil },
	},
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
		get: "s3:GetBucketPublicAccessBlock", put: "s3:PutBucketPublicAccessBlock", remove: "s3:PutBucketPublicAccessBlock",
		apply: func(_ *call, b *s3Bucket, in props) error { b.PublicAccess = s3PublicAccessOf(in); return nil },
		read: func(b *s3Bucket) props {
			if b.PublicAccess == nil {
				return nil
			}
			return b.PublicAccess.props()
		},
		clear: func(_ *call, b *s3Bucket, _ props) error { b.PublicAccess = nil; return nil },
	},
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
		get: "s3:GetBucketOwnershipControls", put: "s3:PutBucketOwnershipControls", remove: "s3:PutBucketOwnershipControls",
		check: s3CheckOwnership, apply: s3PutOwnership,
		read: func(b *s3Bucket) props {
			if b.Ownership == "" {
				return nil
			}
			return props{"rule": props{"objectOwnership": b.Ownership}}
		},
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Ownership = ""; return nil },
	},
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": {
		get: "s3:GetLifecycleConfiguration", put: "s3:PutLifecycleConfiguration", remove: "s3:PutLifecycleConfiguration",
		check: s3CheckLifecycle,
		apply: func(_ *call, b *s3Bucket, in props) error {
			b.Lifecycle = props{"rules": in["rules"], "transitionDefaultMinimumObjectSize": strOr(in, "transitionDefaultMinimumObjectSize", "all_storage_classes_128K")}
			return nil
		},
		read:  func(b *s3Bucket) props { return b.Lifecycle },
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Lifecycle = nil; return nil },
	},
	"aws:s3/bucketLoggingV2:BucketLoggingV2": {
		get: "s3:GetBucketLogging", put: "s3:PutBucketLogging", remove: "s3:PutBucketLogging",
		apply: s3PutLogging,
		read:  func(b *s3Bucket) props { return b.Logging },
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Logging = nil; return nil },
	},
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": {
		get: "s3:GetBucketObjectLockConfiguration", put: "s3:PutBucketObjectLockConfiguration", remove: "s3:PutBucketObjectLockConfiguration",
		check: s3CheckLock, apply: s3PutLock, read: s3ReadLock,
		// A lock stays for ever; only its default retention can go.
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Lock = &s3Lock{}; return nil },
	},
	"aws:s3/bucketAclV2:BucketAclV2": {
		get: "s3:GetBucketAcl", put: "s3:PutBucketAcl", remove: "",
		check: s3CheckACL, apply: s3PutACL,
		read: func(b *s3Bucket) props {
			return props{"acl": orNil(b.ACL), "accessControlPolicy": b.Grants}
		},
		clear: func(*call, *s3Bucket, props) error { return nil }, // the provider leaves the ACL as it is
	},
	"aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2": {
		get: "s3:GetBucketRequestPayment", put: "s3:PutBucketRequestPayment", remove: "s3:PutBucketRequestPayment",
		check: func(in props) error {
			return oneOf(in, "payer", "MalformedXML", s3API+"PutBucketRequestPayment.html", "BucketOwner", "Requester")
		},
		apply: func(_ *call, b *s3Bucket, in props) error { b.RequestPayer = str(in, "payer"); return nil },
		read:  func(b *s3Bucket) props { return props{"payer": b.RequestPayer} },
		clear: func(_ *call, b *s3Bucket, _ props) error { b.RequestPayer = "BucketOwner"; return nil },
	},
	"aws:s3/bucketNotification:BucketNotification": {
		get: "s3:GetBucketNotification", put: "s3:PutBucketNotification", remove: "s3:PutBucketNotification",
		apply: s3PutNotification,
		read:  func(b *s3Bucket) props { return b.Notification },
		clear: func(_ *call, b *s3Bucket, _ props) error { b.Notification = nil; return nil },
	},
}

// s3AspectTypes makes a resource type of each aspect. The id is the bucket's name,
// followed by ",ACCOUNT" where an expected owner is given.
func s3AspectTypes() map[string]resourceType {
	all := map[string]resourceType{}
	for token, a := range s3Aspects {
		all[token] = resourceType{
			check: func(_ *call, in props) error {
				if a.check == nil {
					return nil
				}
				return a.check(in)
			},
			create: func(c *call, in props) (string, props, error) {
				id := s3BucketName(str(in, "bucket"))
				b, err := c.s3Expected(id, a.put, in)
				if err != nil {
					return "", nil, err
				}
				if owner := str(in, "expectedBucketOwner"); owner != "" {
					id += "," + owner
				}
				return id, nil, a.apply(c, b, in)
			},
			read: func(c *call, id string, state props) (props, error) {
				name, owner, _ := strings.Cut(id, ",")
				if c.S3.Buckets[name] == nil {
					return nil, errNotFound
				}
				b, err := c.bucket(name, a.get)
				if err != nil {
					return nil, err
				}
				found := a.read(b)
				if found == nil {
					return nil, errNotFound
				}
				out := props{"bucket": strOr(state, "bucket", name)}
				if owner != "" {
					out["expectedBucketOwner"] = owner
				}
				for k, v := range found {
					out[k] = v
				}
				return out, nil
			},
			update: func(c *call, id string, _, in props) (props, error) {
				name, _, _ := strings.Cut(id, ",")
				b, err := c.s3Expected(name, a.put, in)
				if err != nil {
					return nil, err
				}
				return nil, a.apply(c, b, in)
			},
			delete: func(c *call, id string, state props) error {
				name, _, _ := strings.Cut(id, ",")
				b := c.S3.Buckets[name]
				if b == nil {
					return errNotFound
				}
				if a.remove != "" {
					if _, err := c.bucket(name, a.remove); err != nil {
						return err
					}
				}
				return a.clear(c, b, state)
			},
		}
	}
	return all
}

// s3BucketName takes the name out of what may be a bucket's ARN.
func s3BucketName(s string) string {
	if name, _, ok := splitObjectARN(s); ok {
		return name
	}
	return s
}

func (c *call) s3Expected(name, action string, in props) (*s3Bucket, error) {
	b, err := c.bucket(name, action)
	if err != nil {
		return nil, err
	}
	if owner := str(in, "expectedBucketOwner"); owner != "" && owner != b.Owner {
		return nil, refuse("AccessDenied", fmt.Sprintf("bucket %s is not owned by the expected account %s", name, owner),
			s3Doc+"userguide/bucket-owner-condition.html")
	}
	return b, nil
}

// oneOf refuses a value that is not in an enumeration.
func oneOf(in props, property, name, doc string, allowed ...string) error {
	v := str(in, property)
	if v == "" || slices.Contains(allowed, v) {
		return nil
	}
	return refuse(name, fmt.Sprintf("%s %q: allowed are %s", property, v, strings.Join(allowed, ", ")), doc)
}

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

func s3CheckVersioning(in props) error {
	v := object(in, "versioningConfiguration")
	const doc = s3API + "PutBucketVersioning.html"
	if err := oneOf(v, "status", "MalformedXML", doc, versioningEnabled, versioningSuspended, "Disabled"); err != nil {
		return err
	}
	return oneOf(v, "mfaDelete", "MalformedXML", doc, "Enabled", "Disabled")
}

func s3PutVersioning(c *call, b *s3Bucket, in props) error {
	const doc = s3API + "PutBucketVersioning.html"
	v := object(in, "versioningConfiguration")
	status, mfaDelete := str(v, "status"), str(v, "mfaDelete")
	if status == "Disabled" {
		if b.Versioning != "" {
			return fmt.Errorf("versioning_configuration.status cannot be updated from '%s' to 'Disabled'", b.Versioning)
		}
		return nil
	}
	if b.Lock != nil && status != versioningEnabled {
		return refuse("InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
			s3Doc+"userguide/object-lock-managing.html")
	}
	if mfaDelete == "Enabled" && (str(in, "mfa") == "" || !c.Caller.Root) {
		return refuse("AccessDenied", "MFA delete is switched on by the root user with an MFA code only", s3Doc+"userguide/MultiFactorAuthenticationDelete.html")
	}
	if mfaDelete == "Enabled" && b.hasExpiry() {
		return refuse("InvalidBucketState", "Mfa Authentication is not supported on a bucket with lifecycle configuration. "+
			"Delete lifecycle configuration before enabling Mfa Authentication.", doc)
	}
	b.Versioning, b.MFADelete = status, mfaDelete
	return nil
}

func (b *s3Bucket) hasExpiry() bool { return b.Lifecycle != nil }

func s3ReadVersioning(b *s3Bucket) props {
	v := props{"status": b.Versioning}
	if b.Versioning == "" {
		v["status"] = "Disabled"
	}
	if b.MFADelete != "" {
		v["mfaDelete"] = b.MFADelete
	}
	return props{"versioningConfiguration": v}
}

// s3ClearVersioning suspends versioning; of a locked bucket the provider lets go
// without a change.
func s3ClearVersioning(_ *call, b *s3Bucket, _ props) error {
	if b.Versioning != "" && b.Lock == nil {
		b.Versioning = versioningSuspended
	}
	return nil
}

func s3CheckEncryption(in props) error {
	const doc = s3API + "PutBucketEncryption.html"
	rules := objects(in, "rules")
	if len(list(in, "rules")) > 1 {
		return refuse("MalformedXML", "rules: one rule is allowed", doc)
	}
	for _, rule := range rules {
		by := object(rule, "applyServerSideEncryptionByDefault")
		if err := oneOf(by, "sseAlgorithm", "MalformedXML", doc, sseS3, sseKMS, sseKMSDual); err != nil {
			return err
		}
		if str(by, "sseAlgorithm") == sseS3 && present(by, "kmsMasterKeyId") && str(by, "kmsMasterKeyId") != "" {
			return refuse("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", doc)
		}
	}
	return nil
}

// s3PutEncryption does not look whether the key exists: nor does S3.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
func s3PutEncryption(c *call, b *s3Bucket, in props) error {
	for _, rule := range objects(in, "rules") {
		by := object(rule, "applyServerSideEncryptionByDefault")
		b.Encryption = s3Encryption{strOr(by, "sseAlgorithm", sseS3), str(by, "kmsMasterKeyId"), flag(rule, "bucketKeyEnabled", false)}
	}
	return nil
}

func s3ReadEncryption(b *s3Bucket) props {
	by := props{"sseAlgorithm": b.Encryption.Algorithm}
	if b.Encryption.Key != "" {
		by["kmsMasterKeyId"] = b.Encryption.Key
	}
	rule := props{"applyServerSideEncryptionByDefault": by}
	if b.Encryption.BucketKey {
		rule["bucketKeyEnabled"] = true
	}
	return props{"rules": []any{rule}}
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

func s3CheckLock(in props) error {
	const doc = s3API + "PutObjectLockConfiguration.html"
	if err := oneOf(in, "objectLockEnabled", "MalformedXML", doc, "Enabled"); err != nil {
		return err
	}
	retention := object(object(in, "rule"), "defaultRetention")
	if len(retention) == 0 {
		return nil
	}
	if err := oneOf(retention, "mode", "MalformedXML", doc, governanceMode, complianceMode); err != nil {
		return err
	}
	if isUnknown(retention["days"]) || isUnknown(retention["years"]) {
		return nil
	}
	days, years := num(retention, "days"), num(retention, "years")
	switch {
	case present(retention, "days") == present(retention, "years"):
		return refuse("MalformedXML", "rule.defaultRetention: one of days and years has to be given", doc)
	case days < 0 || years < 0 || days+years == 0:
		return refuse("InvalidArgument", "Default retention period must be a positive integer value.", doc)
	case days > 36500 || years > 100:
		return refuse("InvalidArgument", "Default retention period too large: at most 36500 days or 100 years.", doc)
	}
	return nil
}

func s3PutLock(_ *call, b *s3Bucket, in props) error {
	if b.Versioning != versioningEnabled {
		return refuse("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
			s3API+"PutObjectLockConfiguration.html")
	}
	retention := object(object(in, "rule"), "defaultRetention")
	b.Lock = &s3Lock{Mode: str(retention, "mode"), Days: num(retention, "days"), Years: num(retention, "years")}
	return nil
}

func s3ReadLock(b *s3Bucket) props {
	if b.Lock == nil {
		return nil
	}
	out := props{"objectLockEnabled": "Enabled", "rule": nil}
	if b.Lock.Mode != "" {
		retention := props{"mode": b.Lock.Mode}
		if b.Lock.Days > 0 {
			retention["days"] = b.Lock.Days
		} else {
			retention["years"] = b.Lock.Years
		}
		out["rule"] = props{"defaultRetention": retention}
	}
	return out
}

// s3PutLogging demands a target that log delivery can write to.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
func s3PutLogging(c *call, b *s3Bucket, in props) error {
	const doc = s3Doc + "userguide/ServerLogs.html"
	name := s3BucketName(str(in, "targetBucket"))
	target := c.S3.Buckets[name]
	bad := func(reason string) error {
		return refuse("InvalidTargetBucketForLogging", fmt.Sprintf("target bucket %s: %s", name, reason), doc)
	}
	switch {
	case target == nil:
		return bad("The target bucket for logging does not exist")
	case target.Owner != b.Owner:
		return bad("The owner for the bucket to be logged and the target bucket must be the same")
	case target.Region != b.Region:
		return refuse("CrossLocationLoggingProhibited", "Cross S3 location logging not allowed: a bucket's access logs stay in its Region", doc)
	case target.Lock != nil:
		return bad("S3 buckets with Object Lock can't be used as destination buckets for server access logs")
	case target.Encryption.Algorithm != sseS3:
		return bad("default encryption with SSE-KMS is not supported for server access logs; only SSE-S3 is")
	case target.RequestPayer == "Requester":
		return bad("a Requester Pays bucket is not supported as a target for server access logs")
	case len(list(in, "targetGrants")) > 0 && target.Ownership == bucketOwnerEnforced:
		return refuse("InvalidArgument", "target grants are not supported: the target bucket does not allow ACLs", doc)
	}
	if target.Ownership == bucketOwnerEnforced || target.ACL != cannedLogDelivery {
		policy, err := parsePolicy(target.Policy)
		if err != nil {
			return err
		}
		object := c.bucketARN(name) + "/" + str(in, "targetPrefix") + "2006-01-02-15-04-05-0123456789ABCDEF"
		decision, err := c.allowsService(policy, logDeliveryService, "s3:PutObject", object, s3Context(map[string][]string{
			"aws:SourceArn": {c.bucketARN(b.Name)}, "aws:SourceAccount": {b.Owner},
		}))
		if err != nil {
			return err
		}
		if !decision.Allowed {
			return bad(fmt.Sprintf("its policy does not let %s write %s (%s)", logDeliveryService, object, decision.Reason))
		}
	}
	b.Logging = props{}
	for _, property := range []string{"targetBucket", "targetPrefix", "targetGrants", "targetObjectKeyFormat"} {
		b.Logging[property] = in[property]
	}
	return nil
}

// s3PutNotification demands destinations that let S3 deliver to them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
func s3PutNotification(c *call, b *s3Bucket, in props) error {
	const doc = s3Doc + "userguide/grant-destinations-permissions-to-s3.html"
	ctx := map[string][]string{"aws:SourceArn": {c.bucketARN(b.Name)}, "aws:SourceAccount": {b.Owner}}
	check := func(property, arnProperty, action string, policyOf func(arn string) (string, bool)) error {
		for _, destination := range objects(in, property) {
			arn := str(destination, arnProperty)
			text, ok := policyOf(arn)
			if !ok {
				return refuse("InvalidArgument", "Unable to validate the following destination configurations: "+arn+" does not exist", doc)
			}
			policy, err := parsePolicy(text)
			if err != nil {
				return err
			}
			decision, err := c.allowsService(policy, "s3.amazonaws.com", action, arn, ctx)
			if err != nil {
				return err
			}
			if !decision.Allowed {
				return refuse("InvalidArgument", fmt.Sprintf("Unable to validate the following destination configurations: "+
					"the policy of %s does not let s3.amazonaws.com do %s (%s)", arn, action, decision.Reason), doc)
			}
		}
		return nil
	}
	if err := check("topics", "topicArn", "sns:Publish", c.topicPolicyOf); err != nil {
		return err
	}
	if err := check("queues", "queueArn", "sqs:SendMessage", c.queuePolicyOf); err != nil {
		return err
	}
	b.Notification = props{}
	for _, property := range []string{"eventbridge", "lambdaFunctions", "queues", "topics"} {
		b.Notification[property] = in[property]
	}
	return nil
}
