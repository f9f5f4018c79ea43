package awssim

import "fmt"

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
	if mfaDelete == "Enabled" && b.Lifecycle != nil {
		return refuse("InvalidBucketState", "Mfa Authentication is not supported on a bucket with lifecycle configuration. "+
			"Delete lifecycle configuration before enabling Mfa Authentication.", doc)
	}
	b.Versioning, b.MFADelete = status, mfaDelete
	return nil
}

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
