package awssim

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

var s3Types = assemble(map[string]resourceType{
	"aws:s3/bucketV2:BucketV2": {
		check: s3CheckBucket, create: s3CreateBucket, read: s3ReadBucket, update: s3UpdateBucket, delete: s3DeleteBucket,
	},
	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": s3AccountBlockType,
}, s3AspectTypes())

var bucketNamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// Reserved beginnings and ends of bucket names.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var (
	bucketNamePrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	bucketNameSuffixes = []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}
)

func s3BadName(name string) string {
	if !bucketNamePattern.MatchString(name) {
		return "3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends"
	}
	if strings.Contains(name, "..") {
		return "no two dots in a row"
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return "not an IP address"
	}
	for _, p := range bucketNamePrefixes {
		if strings.HasPrefix(name, p) {
			return "not beginning with " + p
		}
	}
	for _, s := range bucketNameSuffixes {
		if strings.HasSuffix(name, s) {
			return "not ending in " + s
		}
	}
	return ""
}

// s3Elsewhere are properties of BucketV2 that the provider has moved into resource
// types of their own and keeps as deprecated.
var s3Elsewhere = []string{
	"acl", "corsRules", "grants", "lifecycleRules", "loggings", "objectLockConfiguration", "policy", "replicationConfigurations",
	"requestPayer", "serverSideEncryptionConfigurations", "versionings", "websites", "accelerationStatus",
}

func s3CheckBucket(_ *call, in props) error {
	for _, property := range s3Elsewhere {
		if !blank(in[property]) {
			return fmt.Errorf("%s: deprecated on BucketV2 and not simulated; use the resource type of its own", property)
		}
	}
	if name := str(in, "bucket"); name != "" {
		if rule := s3BadName(name); rule != "" {
			return refuse("InvalidBucketName", fmt.Sprintf("The specified bucket is not valid: %s (a name has %s)", name, rule),
				s3Doc+"userguide/bucketnamingrules.html")
		}
	}
	return nil
}

func s3CreateBucket(c *call, in props) (string, props, error) {
	const doc = s3API + "CreateBucket.html"
	name := str(in, "bucket")
	if name == "" {
		name = str(in, "bucketPrefix") + c.hexID(26)
	}
	if err := c.may("s3:CreateBucket", c.bucketARN(name)); err != nil {
		return "", nil, err
	}
	if b := c.S3.Buckets[name]; b != nil {
		// The provider itself looks in us-east-1, where S3 answers 200 to the owner.
		if b.Owner != c.ID || c.Region == "us-east-1" {
			return "", nil, refuse("BucketAlreadyExists", "The requested bucket name is not available: "+name, doc)
		}
		return "", nil, refuse("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it: "+name, doc)
	}
	b := newBucket(name, c.Region, c.ID, c.timestamp())
	b.Tags = stringMap(in, "tags")
	if flag(in, "objectLockEnabled", false) {
		// A bucket made with Object Lock is versioned from the start.
		b.Lock, b.Versioning = &s3Lock{}, versioningEnabled
	}
	c.S3.Buckets.put(name, b)
	return name, b.props(c), nil
}

func (b *s3Bucket) props(c *call) props {
	return props{
		"bucket": b.Name, "arn": c.bucketARN(b.Name), "region": b.Region, "tags": b.Tags, "objectLockEnabled": b.Lock != nil,
		"bucketDomainName":         b.Name + ".s3." + c.dnsSuffix(),
		"bucketRegionalDomainName": b.Name + ".s3." + b.Region + "." + c.dnsSuffix(),
	}
}

// s3Reads are what the provider asks about a bucket on every refresh.
var s3Reads = []string{
	"s3:ListBucket", "s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketWebsite", "s3:GetBucketVersioning",
	"s3:GetAccelerateConfiguration", "s3:GetBucketRequestPayment", "s3:GetBucketLogging", "s3:GetLifecycleConfiguration",
	"s3:GetReplicationConfiguration", "s3:GetEncryptionConfiguration", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketTagging",
	"s3:GetBucketLocation",
}

func s3ReadBucket(c *call, id string, _ props) (props, error) {
	b := c.S3.Buckets[id]
	if b == nil {
		return nil, errNotFound
	}
	for _, action := range s3Reads {
		if _, err := c.bucket(id, action); err != nil {
			return nil, err
		}
	}
	return b.props(c), nil
}

func s3UpdateBucket(c *call, id string, _, in props) (props, error) {
	b, err := c.bucket(id, "s3:PutBucketTagging")
	if err != nil {
		return nil, err
	}
	b.Tags = stringMap(in, "tags")
	return b.props(c), nil
}

func s3DeleteBucket(c *call, id string, state props) error {
	if c.S3.Buckets[id] == nil {
		return errNotFound
	}
	b, err := c.bucket(id, "s3:DeleteBucket")
	if err != nil {
		return err
	}
	if flag(state, "forceDestroy", false) {
		if err := c.s3Empty(b); err != nil {
			return err
		}
	}
	if len(b.Objects) > 0 {
		return refuse("BucketNotEmpty", fmt.Sprintf("The bucket you tried to delete is not empty: %s. You must delete all versions in the bucket.", id),
			s3API+"DeleteBucket.html")
	}
	delete(c.S3.Buckets, id)
	return nil
}

// s3Empty deletes all object versions as the provider does with forceDestroy: with
// the caller's rights, bypassing governance mode where the bucket is locked.
func (c *call) s3Empty(b *s3Bucket) error {
	if _, err := c.bucket(b.Name, "s3:ListBucketVersions"); err != nil && len(b.Objects) > 0 {
		return err
	}
	extra := map[string][]string{}
	if b.Lock != nil {
		extra[governanceBypassKey] = []string{"true"}
	}
	for _, key := range sortedKeys(b.Objects) {
		for len(b.Objects[key]) > 0 {
			if err := c.s3DeleteVersion(c.Caller, c.context(extra), b, key, b.Objects[key][0].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func s3PublicAccessOf(in props) *s3PublicAccess {
	return &s3PublicAccess{
		flag(in, "blockPublicAcls", false), flag(in, "blockPublicPolicy", false),
		flag(in, "ignorePublicAcls", false), flag(in, "restrictPublicBuckets", false),
	}
}

func (p *s3PublicAccess) props() props {
	return props{
		"blockPublicAcls": p.BlockPublicACLs, "blockPublicPolicy": p.BlockPublicPolicy,
		"ignorePublicAcls": p.IgnorePublicACLs, "restrictPublicBuckets": p.RestrictPublicBuckets,
	}
}
