package awssim

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Do performs one request on the account as anybody and returns what refuses it, nil
// when it succeeds. ctx holds condition keys of the request; TLS 1.2 is assumed when
// it says nothing else.
//
// Requests to S3 objects (s3:PutObject, s3:GetObject, s3:DeleteObject,
// s3:DeleteObjectVersion) happen: they go through the bucket policy, the principal's
// identity policies, block public access, the key policy where the object is
// encrypted with a KMS key, and Object Lock. The key of an upload is that of the
// bucket, or the one in s3:x-amz-server-side-encryption-aws-kms-key-id, or none with
// s3:x-amz-server-side-encryption AES256. Its
// encryption context, given by kms:EncryptionContext:… keys, is kept with the object
// and used again for reading it. s3:DeleteObjectVersion deletes the version
// s3:VersionId, or the newest; s3:x-amz-bypass-governance-retention "true" asks to
// bypass governance mode. All other actions are decided about, without any effect.
func (a *Account) Do(p policyeval.Principal, ctx map[string][]string, action, resource string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.do(p, ctx, action, resource)
	if err != nil {
		return err
	}
	return a.save()
}

func (a *Account) do(p policyeval.Principal, ctx map[string][]string, action, resource string) error {
	if parts, ok := splitARN(resource); ok && parts.Service == "kms" {
		return a.kmsAuthorize(resource, p, action, s3Context(ctx))
	}
	name, key, ok := splitObjectARN(resource)
	if !ok {
		return a.authorize(p, s3Context(ctx), action, resource, nil, p.Account)
	}
	b := a.S3.Buckets[name]
	if b == nil {
		return noSuchBucket(name)
	}
	switch action {
	case "s3:PutObject":
		return a.s3Put(p, ctx, b, key)
	case "s3:GetObject", "s3:GetObjectVersion":
		return a.s3Get(p, ctx, b, action, key)
	case "s3:DeleteObject":
		return a.s3Delete(p, ctx, b, key)
	case "s3:DeleteObjectVersion":
		version := ""
		if v := ctx["s3:VersionId"]; len(v) > 0 {
			version = v[0]
		} else if versions := b.Objects[key]; len(versions) > 0 {
			version = versions[len(versions)-1].ID
		}
		return a.s3DeleteVersion(p, ctx, b, key, version)
	}
	return a.s3Authorize(p, ctx, b, action, key)
}

// encryptionContextPrefix begins the condition keys of a KMS encryption context.
const encryptionContextPrefix = "kms:EncryptionContext:"

// s3KeyContext are the condition keys under which S3 calls KMS for a request.
func (a *Account) s3KeyContext(ctx map[string][]string, b *s3Bucket, key string) map[string][]string {
	out := maps.Clone(s3Context(ctx))
	out["kms:ViaService"] = []string{"s3." + b.Region + ".amazonaws.com"}
	arn := a.bucketARN(b.Name)
	if !b.Encryption.BucketKey {
		arn += "/" + key
	}
	out[encryptionContextPrefix+"aws:s3:arn"] = []string{arn}
	return out
}

// s3KeyFor is the ARN of the KMS key that an upload is encrypted with; "" for SSE-S3.
func (a *Account) s3KeyFor(ctx map[string][]string, b *s3Bucket) string {
	if v := ctx["s3:x-amz-server-side-encryption-aws-kms-key-id"]; len(v) > 0 {
		return v[0]
	}
	if v := ctx["s3:x-amz-server-side-encryption"]; b.Encryption.Algorithm == sseS3 || len(v) > 0 && v[0] == sseS3 {
		return ""
	}
	if b.Encryption.Key == "" {
		return a.arn("kms", b.Region, b.Owner, "alias/aws/s3")
	}
	return a.kmsARN(b.Region, b.Encryption.Key)
}

func (a *Account) s3Put(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, key string) error {
	const doc = s3API + "PutObject.html"
	if key == "" {
		return refuse("InvalidRequest", "an object has a key", doc)
	}
	if acl := ctx["s3:x-amz-acl"]; len(acl) > 0 && b.Ownership == bucketOwnerEnforced && acl[0] != "bucket-owner-full-control" {
		return refuse("AccessControlListNotSupported", "The bucket does not allow ACLs", s3Doc+"userguide/about-object-ownership.html")
	}
	kmsKey := a.s3KeyFor(ctx, b)
	request := maps.Clone(ctx)
	if request == nil {
		request = map[string][]string{}
	}
	if err := a.s3Authorize(p, request, b, "s3:PutObject", key); err != nil {
		return err
	}
	version := s3Version{ID: a.hexID(32)}
	if kmsKey != "" {
		kctx := a.s3KeyContext(ctx, b, key)
		actions := []string{"kms:GenerateDataKey"}
		if b.Encryption.BucketKey {
			// S3 reads its bucket-level key back, too.
			// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
			actions = append(actions, "kms:Decrypt")
		}
		for _, action := range actions {
			if err := a.kmsAuthorize(kmsKey, p, action, kctx); err != nil {
				return s3KeyRefusal(err, kmsKey)
			}
		}
		version.Key, version.Context = kmsKey, map[string][]string{}
		for k, v := range kctx {
			if strings.HasPrefix(k, encryptionContextPrefix) {
				version.Context[k] = v
			}
		}
	}
	if b.Lock != nil && b.Lock.Mode != "" {
		version.Mode = b.Lock.Mode
		version.RetainUntil = a.now().AddDate(int(b.Lock.Years), 0, int(b.Lock.Days)).UTC()
	}
	b.add(key, version)
	return nil
}

// s3KeyRefusal names a missing key as S3 does.
func s3KeyRefusal(err error, key string) error {
	if refusedAs(err, "NotFoundException") {
		return refuse("KMS.NotFoundException", fmt.Sprintf("Key '%s' does not exist", key), s3API+"PutObject.html")
	}
	return err
}

func (b *s3Bucket) add(key string, v s3Version) {
	if b.Objects == nil {
		b.Objects = map[string][]s3Version{}
	}
	if b.Versioning != versioningEnabled {
		b.Objects[key] = nil // the null version is overwritten
	}
	b.Objects[key] = append(b.Objects[key], v)
}

func (a *Account) s3Get(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, action, key string) error {
	if err := a.s3Authorize(p, ctx, b, action, key); err != nil {
		return err
	}
	versions := b.Objects[key]
	if len(versions) == 0 || versions[len(versions)-1].DeleteMarker {
		return refuse("NoSuchKey", "The specified key does not exist: "+key, s3API+"GetObject.html")
	}
	v := versions[len(versions)-1]
	if v.Key == "" {
		return nil
	}
	kctx := a.s3KeyContext(ctx, b, key)
	maps.Copy(kctx, v.Context)
	return s3KeyRefusal(a.kmsAuthorize(v.Key, p, "kms:Decrypt", kctx), v.Key)
}

// s3Delete deletes without naming a version: in a versioned bucket it leaves a marker.
func (a *Account) s3Delete(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, key string) error {
	if err := a.s3Authorize(p, ctx, b, "s3:DeleteObject", key); err != nil {
		return err
	}
	switch {
	case b.Versioning == versioningEnabled:
		b.add(key, s3Version{ID: a.hexID(32), DeleteMarker: true})
	default:
		delete(b.Objects, key)
	}
	return nil
}

func (a *Account) s3DeleteVersion(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, key, id string) error {
	action := "s3:DeleteObjectVersion"
	if b.Versioning == "" {
		action = "s3:DeleteObject"
	}
	if err := a.s3Authorize(p, ctx, b, action, key); err != nil {
		return err
	}
	versions := b.Objects[key]
	for i, v := range versions {
		if v.ID != id {
			continue
		}
		if err := a.s3Retained(p, ctx, b, key, v); err != nil {
			return err
		}
		if len(versions) == 1 {
			delete(b.Objects, key)
		} else {
			b.Objects[key] = append(versions[:i:i], versions[i+1:]...)
		}
		return nil
	}
	return nil // deleting what is not there succeeds
}

// s3Retained refuses to delete a version that Object Lock retains.
func (a *Account) s3Retained(p policyeval.Principal, ctx map[string][]string, b *s3Bucket, key string, v s3Version) error {
	if v.Mode == "" || !a.now().Before(v.RetainUntil) {
		return nil
	}
	if v.Mode == governanceMode && len(ctx[governanceBypassKey]) == 1 && ctx[governanceBypassKey][0] == "true" {
		return a.s3Authorize(p, ctx, b, governanceBypassName, key)
	}
	return refuse("AccessDenied", fmt.Sprintf("Access Denied because object %s is protected by object lock in %s mode until %s",
		key, v.Mode, v.RetainUntil.Format(time.RFC3339)), s3Doc+"userguide/object-lock-managing.html")
}

// topicPolicyOf is the policy of a topic; false when there is no such topic.
func (a *Account) topicPolicyOf(arn string) (string, bool) {
	if t := a.SNS.Topics[arn]; t != nil {
		return t.Policy, true
	}
	return "", false
}

// queuePolicyOf is the policy of a queue; false when there is no such queue.
func (a *Account) queuePolicyOf(arn string) (string, bool) {
	if q := a.SQS.Queues[arn]; q != nil {
		return q.Policy, true
	}
	return "", false
}
