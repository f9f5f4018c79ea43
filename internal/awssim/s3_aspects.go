package awssim

import (
	"fmt"
	"slices"
	"strings"
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
				if err := a.apply(c, b, in); err != nil {
					return "", nil, err
				}
				return id, a.read(b), nil
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
				if err := a.apply(c, b, in); err != nil {
					return nil, err
				}
				return a.read(b), nil
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
