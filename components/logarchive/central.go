package logarchive

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// useCentralBucket creates nothing: the bucket belongs to another account, whose owner pastes the statements.
func (b *builder) useCentralBucket() {
	central := b.args.Central
	b.archive.TrailBucket = pulumi.String(central.Name).ToStringOutput()
	b.archive.TrailBucketName, b.archive.BucketNames = central.Name, []string{central.Name}
	b.archive.KeyArn = pulumi.String(central.KeyArn).ToStringOutput()
	b.archive.KeyArnPattern = central.KeyArn
	b.archive.HasKey = central.KeyArn != ""
	b.archive.TrailKeyPrefix = central.KeyPrefix
	b.archive.PasteStatements = pulumi.String(b.pasteStatements()).ToStringOutput()
	none := pulumi.String("").ToStringOutput()
	b.archive.DeliveryBucket, b.archive.AccessLogBucket, b.archive.Adoption = none, none, none
}

// pasteStatements are the statements for the central bucket and its key, by the policy they belong to.
func (b *builder) pasteStatements() string {
	trailArn := b.where.ARN("cloudtrail", "trail/"+b.archive.TrailName)
	from := cloudTrail(b.where, trailArn, b.args.OrganizationID)
	bucketArn := b.where.Bucket(b.args.Central.Name)
	paste := struct {
		BucketPolicy []policy.Statement `json:"bucketPolicy"`
		KeyPolicy    []policy.Statement `json:"keyPolicy,omitempty"`
	}{BucketPolicy: from.bucket(bucketArn, b.args.Central.KeyPrefix)}
	if b.args.Central.KeyArn != "" {
		paste.KeyPolicy = from.key(bucketArn)
	}
	if len(b.readers) > 0 {
		read, decrypt := b.centralReaders(bucketArn)
		paste.BucketPolicy = append(paste.BucketPolicy, read...)
		if paste.KeyPolicy != nil {
			paste.KeyPolicy = append(paste.KeyPolicy, decrypt...)
		}
	}
	text, err := json.MarshalIndent(paste, "", "  ")
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return string(text)
}

// centralReaders lets the readers of this account read its own logs, and nobody else's, in the central bucket.
func (b *builder) centralReaders(bucketArn string) (read, decrypt []policy.Statement) {
	owners := []string{b.where.ID}
	if b.args.OrganizationID != "" {
		owners = append(owners, b.args.OrganizationID)
	}
	objects := logObjects(bucketArn, b.args.Central.KeyPrefix, owners, "")
	condition := policy.Condition{"ArnLike": {"aws:PrincipalArn": b.readers}}
	read = []policy.Statement{{
		Sid: "ReadersFindLogs" + b.where.ID, Effect: policy.Allow, Principal: policy.AWS(b.where.Root()),
		Action: policy.List{"s3:GetBucketLocation", "s3:ListBucket"}, Resource: policy.List{bucketArn}, Condition: condition,
	}, {
		Sid: "ReadersReadLogs" + b.where.ID, Effect: policy.Allow, Principal: policy.AWS(b.where.Root()),
		Action: policy.List{"s3:GetObject", "s3:GetObjectVersion"}, Resource: objects, Condition: condition,
	}}
	return read, readersDecrypt(b.where, b.readers, append(policy.List{bucketArn}, objects...))
}
