package awssim

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// ExternalBucket is a bucket of another account.
type ExternalBucket struct {
	Name   string
	Owner  string // account id
	Region string
	Policy string // bucket policy; "" for none
	// KMSKeyARN is the key of the bucket's default encryption; "" for SSE-S3.
	KMSKeyARN string
	// RequesterPays makes requesters pay for what they read.
	RequesterPays bool
}

// AddExternalBucket declares a bucket of another account, so that the program can
// deliver to it, or finds its name taken.
func (a *Account) AddExternalBucket(e ExternalBucket) error {
	if !accountIDPattern.MatchString(e.Owner) || e.Owner == a.ID {
		return fmt.Errorf("external bucket %s: the owner %q is not another account", e.Name, e.Owner)
	}
	if _, err := parsePolicy(e.Policy); err != nil {
		return fmt.Errorf("external bucket %s: %w", e.Name, err)
	}
	return a.Update(func(a *Account) {
		b := newBucket(e.Name, e.Region, e.Owner, a.timestamp())
		b.Policy = e.Policy
		b.Versioning = versioningEnabled
		if e.KMSKeyARN != "" {
			b.Encryption = s3Encryption{Algorithm: sseKMS, Key: e.KMSKeyARN}
		}
		if e.RequesterPays {
			b.RequestPayer = "Requester"
		}
		a.S3.Buckets.put(e.Name, b)
	})
}

// AddExternalKey declares a KMS key of another account with its key policy.
func (a *Account) AddExternalKey(arn, keyPolicy string) error {
	parts, ok := splitARN(arn)
	if !ok || parts.Service != "kms" || !accountIDPattern.MatchString(parts.Account) || parts.Account == a.ID {
		return fmt.Errorf("external key: %q is not the ARN of a key of another account", arn)
	}
	if _, err := policyeval.Parse(keyPolicy); err != nil {
		return fmt.Errorf("external key %s: %w", arn, err)
	}
	return a.Update(func(a *Account) {
		a.KMS.Keys.put(arn, &kmsKey{ID: strings.TrimPrefix(parts.Resource, "key/"), ARN: arn, Region: parts.Region, Policy: keyPolicy, Properties: props{}})
	})
}
