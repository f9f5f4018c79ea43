package awssim

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// s3State is what Amazon S3 keeps. Bucket names are unique in the partition.
type s3State struct {
	Buckets      table[s3Bucket]
	PublicAccess *s3PublicAccess // the account's block public access settings
}

type s3Bucket struct {
	Name, Region, Owner string
	Created             string
	Tags                map[string]string
	Policy              string
	Versioning          string // Enabled, Suspended, or "" for a bucket that never was versioned
	MFADelete           string
	Encryption          s3Encryption
	PublicAccess        *s3PublicAccess
	Ownership           string // "" when the ownership controls were removed
	ACL                 string // canned ACL
	Grants              any    // grants of an access control policy
	Lifecycle           props
	Logging             props
	Lock                *s3Lock
	RequestPayer        string
	Notification        props
	Objects             map[string][]s3Version // oldest version first
}

type s3Encryption struct {
	Algorithm string // AES256, aws:kms or aws:kms:dsse
	Key       string // as given; "" with aws:kms means alias/aws/s3
	BucketKey bool
}

type s3PublicAccess struct {
	BlockPublicACLs, BlockPublicPolicy, IgnorePublicACLs, RestrictPublicBuckets bool
}

// s3Lock is an Object Lock configuration; Mode "" is a lock without default retention.
type s3Lock struct {
	Mode        string
	Days, Years float64
}

// s3Version is one version of an object, or a delete marker.
type s3Version struct {
	ID           string
	DeleteMarker bool
	Key          string              // ARN of the KMS key
	Context      map[string][]string // encryption context, as condition keys
	Mode         string              // retention mode
	RetainUntil  time.Time
}

const (
	s3Doc                = "https://docs.aws.amazon.com/AmazonS3/latest/"
	s3API                = s3Doc + "API/API_"
	s3BlockDoc           = s3Doc + "userguide/access-control-block-public-access.html"
	bucketOwnerEnforced  = "BucketOwnerEnforced"
	versioningEnabled    = "Enabled"
	versioningSuspended  = "Suspended"
	sseS3                = "AES256"
	sseKMS               = "aws:kms"
	sseKMSDual           = "aws:kms:dsse"
	logDeliveryService   = "logging.s3.amazonaws.com"
	cannedLogDelivery    = "log-delivery-write"
	cannedPrivate        = "private"
	governanceMode       = "GOVERNANCE"
	complianceMode       = "COMPLIANCE"
	governanceBypassKey  = "s3:x-amz-bypass-governance-retention"
	governanceBypassName = "s3:BypassGovernanceRetention"
)

// newBucket is a bucket as CreateBucket leaves it since April 2023: private, without
// ACLs, encrypted.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
func newBucket(name, region, owner, created string) *s3Bucket {
	return &s3Bucket{
		Name: name, Region: region, Owner: owner, Created: created, Ownership: bucketOwnerEnforced, ACL: cannedPrivate,
		Encryption: s3Encryption{Algorithm: sseS3}, RequestPayer: "BucketOwner",
		PublicAccess: &s3PublicAccess{true, true, true, true},
	}
}

func (a *Account) bucketARN(name string) string { return a.arn("s3", "", "", name) }

// bucket finds a bucket for a call, which the caller must be allowed to make.
func (c *call) bucket(name, action string) (*s3Bucket, error) {
	b := c.S3.Buckets[name]
	if b == nil {
		return nil, noSuchBucket(name)
	}
	if b.Region != c.Region {
		return nil, refuse("PermanentRedirect", fmt.Sprintf("The bucket you are attempting to access must be addressed using the specified endpoint: "+
			"%s is in %s, the provider in %s", name, b.Region, c.Region), s3Doc+"userguide/Redirects.html")
	}
	return b, c.s3Authorize(c.Caller, c.context(nil), b, action, "")
}

func noSuchBucket(name string) error {
	return refuse("NoSuchBucket", fmt.Sprintf("The specified bucket does not exist: %s", name), s3Doc+"API/ErrorResponses.html")
}

// s3Authorize decides about an action on a bucket or on one of its objects.
func (a *Account) s3Authorize(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, action, key string) error {
	doc, err := parsePolicy(b.Policy)
	if err != nil {
		return fmt.Errorf("policy of bucket %s: %w", b.Name, err)
	}
	resource := a.bucketARN(b.Name)
	if key != "" {
		resource += "/" + key
	}
	if doc != nil && a.blocks(b).RestrictPublicBuckets && p.Service == "" && p.Account != b.Owner {
		if public, statement := doc.Public(); public {
			return refuse("AccessDenied", fmt.Sprintf("%s is not authorized to perform: %s on resource: %q because the bucket's policy is public "+
				"(statement %s) and the RestrictPublicBuckets setting in S3 Block Public Access is on", requester(p), action, resource, statement), s3BlockDoc)
		}
	}
	return a.authorize(p, s3Context(ctx), action, resource, doc, b.Owner)
}

// s3Context completes the condition keys of a request: TLS 1.2 unless told otherwise.
func s3Context(ctx map[string][]string) map[string][]string {
	out := map[string][]string{"aws:SecureTransport": {"true"}}
	for k, v := range ctx {
		out[k] = v
	}
	if len(out["s3:TlsVersion"]) == 0 && len(out["aws:SecureTransport"]) == 1 && out["aws:SecureTransport"][0] == "true" {
		out["s3:TlsVersion"] = []string{"1.2"}
	}
	return out
}

// blocks are the block public access settings in force: the stricter of account and bucket.
func (a *Account) blocks(b *s3Bucket) s3PublicAccess {
	var all s3PublicAccess
	for _, s := range []*s3PublicAccess{a.S3.PublicAccess, b.PublicAccess} {
		if s != nil {
			all.BlockPublicACLs = all.BlockPublicACLs || s.BlockPublicACLs
			all.BlockPublicPolicy = all.BlockPublicPolicy || s.BlockPublicPolicy
			all.IgnorePublicACLs = all.IgnorePublicACLs || s.IgnorePublicACLs
			all.RestrictPublicBuckets = all.RestrictPublicBuckets || s.RestrictPublicBuckets
		}
	}
	return all
}

// splitObjectARN takes the ARN of a bucket or object apart.
func splitObjectARN(arn string) (bucket, key string, ok bool) {
	parts, ok := splitARN(arn)
	if !ok || parts.Service != "s3" {
		return "", "", false
	}
	bucket, key, _ = strings.Cut(parts.Resource, "/")
	return bucket, key, bucket != ""
}
